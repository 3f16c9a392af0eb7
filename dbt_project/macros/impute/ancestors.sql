{% macro ancestors(entities, predecessors, previous_ranking) -%}
    {#-
      The one place that an entity was in the previous edition, one row an entity that has one: entity_code, previous_code. Its single
      predecessor where it came from other places (its own earlier self being one of them where it kept its code), else itself.
    -#}
    select entity_code, min(previous_code) as previous_code
    from
        (
            select entity_code, predecessor_code as previous_code
            from {{ predecessors }}
            union
            select entity_code, entity_code as previous_code
            from {{ predecessors }}
            where entity_code in (select entity_code from {{ previous_ranking }})
        )
    group by entity_code
    having count(*) = 1
    union all
    select entity_code, entity_code as previous_code
    from {{ entities }}
    where entity_code not in (select entity_code from {{ predecessors }})
{%- endmacro %}

{% macro ancestors() -%}
    {#-
      One row: entity × place that it was in the previous edition (entity_code, previous_code): those that it came from, and its own earlier
      self. `places` is how many they are: figures of then are those of an entity that was one place.
    -#}
    select *, count(*) over (partition by entity_code) as places
    from
        (
            select entity_code, predecessor_code as previous_code
            from {{ ref("stg_framework__predecessors") }}
            union
            select entity_code, entity_code as previous_code
            from {{ ref("stg_previous__ranking") }}
        )
{%- endmacro %}

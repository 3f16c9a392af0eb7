{% macro distances(steps) -%}
    {#- Each row of `steps` with `distances`: its numbers, held between lowest and highest, as distances from their mean. -#}
    select *, list_transform(held, lambda number:number - mean) as distances
    from
        (
            select *, list_avg(held) as mean
            from (select *, list_transform(numbers, lambda number:greatest(lowest, least(highest, number))) as held from {{ steps }})
        )
{%- endmacro %}

{% macro tie_rates(keys) -%}
    {#- One row an entity: the rates by which a tie is set apart, at nine decimals, as tie_1, tie_2 … in the order of the keys. -#}
    select
        entity_code
        {%- for key in keys if key != "entity_code" %}
            , round(max(rate) filter (where node_code = '{{ key }}'), 9) as tie_{{ keys.index(key) + 1 }}
        {%- endfor %}
    from
        (
            select entity_code, indicator_code as node_code, rate
            from {{ ref("indicator_scores") }}
            union all
            select entity_code, measure_code as node_code, normalised_used as rate
            from {{ ref("normalised") }}
        )
    group by entity_code
{%- endmacro %}

{% macro best_first(relation, keys) -%}
    {#-
      What entities are ordered by, best first: the basis, then each key by which a tie is set apart. `relation` has `basis` (null last),
      `order_sign` (−1 where the highest is best, 1 where the lowest is), entity_code and tie_1, tie_2 … (the keys' rates).
    -#}
    {{ relation }}.order_sign * {{ relation }}.basis nulls last
    {%- for key in keys %}
        {%- if key == "entity_code" %}, {{ relation }}.entity_code
        {%- else %}, {{ relation }}.order_sign * {{ relation }}.tie_{{ loop.index }} nulls last
        {%- endif %}
    {%- endfor %}
{%- endmacro %}

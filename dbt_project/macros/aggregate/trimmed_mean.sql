{% macro trimmed_mean(sorted, drop, at_least) -%}
    {#- Mean of a sorted list after the `drop` lowest and highest are dropped; null where fewer than `at_least` are there to begin with. -#}
    if(
        len({{ sorted }}) >= greatest({{ at_least }}, 2 * {{ drop }} + 1),
        list_avg(list_slice({{ sorted }}, 1 + {{ drop }}, len({{ sorted }}) - {{ drop }})),
        null
    )
{%- endmacro %}

{% macro normalise_borda(value, rule) -%}
    {#- Borda's count: the place in the reference set less 1, so how many it surpasses where all differ. -#}
    {{ tied_place(rule) }} - 1
{%- endmacro %}

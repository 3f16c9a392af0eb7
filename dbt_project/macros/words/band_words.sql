{% macro band_words(bands, pattern, separator) -%}
    {#- The bands or categories of a node, the lowest limit first; `pattern` is what is said of one: its limit, then its score. -#}
    array_to_string(
        list_transform(
            {{ bands }}, lambda band:format('{{ pattern }}', {{ shown_number("band.at_most") }}, {{ shown_number("band.score") }})
        ),
        '{{ separator }}'
    )
{%- endmacro %}

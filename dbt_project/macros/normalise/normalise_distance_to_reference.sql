{% macro normalise_distance_to_reference(value, rule) -%}
    {#- 1 − (x of the reference entity − x) ÷ (x of the reference entity − lowest): the worst 0, the reference entity 1; above 1 unless `cap`. -#}
    {%- set way -%}
        1 - ({{ rule }}.reference_x - {{ rule }}.x) / nullif({{ rule }}.reference_x - {{ rule }}.lowest, 0)
    {%- endset -%}
    if({{ rule }}.is_capped, least(1.0, {{ way }}), {{ way }})
{%- endmacro %}

{% macro no_information_distance_to_reference(rule) -%}
    {#- A reference entity that has no value, or the worst one. -#}
    {{ rule }}.reference_x is null or {{ rule }}.reference_x = {{ rule }}.lowest
{%- endmacro %}

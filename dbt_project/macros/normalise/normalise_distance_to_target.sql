{% macro normalise_distance_to_target(value, rule) -%}
    {#- Share of the way from the worst of the reference set (0) to the target (1); beyond it more than 1, unless `cap` is true. -#}
    {%- set target -%} if({{ rule }}.direction = 'lower_is_better', - {{ rule }}.target, {{ rule }}.target) {%- endset -%}
    {%- set way -%} ({{ rule }}.x - {{ rule }}.lowest) / nullif({{ target }} - {{ rule }}.lowest, 0) + 0.0 {%- endset -%}
    if({{ rule }}.is_capped, least(1.0, {{ way }}), {{ way }})
{%- endmacro %}

{% macro no_information_distance_to_target(rule) -%}
    {#- A target that is the worst value itself. -#}
    if({{ rule }}.direction = 'lower_is_better', - {{ rule }}.target, {{ rule }}.target) = {{ rule }}.lowest
{%- endmacro %}

{% macro normalise_z_score(value, rule) -%}
    {#- (x − mean) ÷ sd of the reference set, laid out with the mean and the standard deviation that the rule asks for (0 and 1). -#}
    ({{ rule }}.x - {{ rule }}.mean) / nullif({{ rule }}.sd, 0) * {{ rule }}.output_sd + {{ rule }}.output_mean
{%- endmacro %}

{% macro no_information_z_score(rule) -%}
    {#- A set whose values are all equal. -#}
    {{ rule }}.lowest = {{ rule }}.highest
{%- endmacro %}

{% macro normalise_goalposts(value, rule) -%}
    {#- Share of the way from worst (0) to best (1). Held between the posts first, so that a logarithm meets no number below them. -#}
    {%- set held -%}
        greatest(least({{ rule }}.worst, {{ rule }}.best), least(greatest({{ rule }}.worst, {{ rule }}.best), {{ value }}))
    {%- endset -%}
    {%- set worst, best = rule ~ ".worst", rule ~ ".best" -%}
    case
        when {{ value }} is null
        then null
        when {{ rule }}.goalpost_scale = 'ln'
        then (ln({{ held }}) - ln({{ worst }})) / nullif(ln({{ best }}) - ln({{ worst }}), 0) + 0.0
        else ({{ held }} - {{ worst }}) / nullif({{ best }} - {{ worst }}, 0) + 0.0
    end
{%- endmacro %}

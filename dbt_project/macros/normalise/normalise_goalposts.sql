{% macro normalise_goalposts(value, rule) -%}
    {#-
      Share of the way from worst (0) to best (1). Held between the posts first, so that a logarithm meets no number below them; with
      `cap: false` it runs on beyond them, and a number without a logarithm is missing.
    -#}
    {%- set worst, best = rule ~ ".worst", rule ~ ".best" -%}
    {%- set held -%}
        if(
            {{ rule }}.is_capped,
            greatest(least({{ worst }}, {{ best }}), least(greatest({{ worst }}, {{ best }}), {{ value }})),
            {{ value }}
        )
    {%- endset -%}
    case
        when {{ value }} is null
        then null
        when {{ rule }}.goalpost_scale = 'ln'
        then (ln(nullif(greatest({{ held }}, 0), 0)) - ln({{ worst }})) / nullif(ln({{ best }}) - ln({{ worst }}), 0) + 0.0
        else ({{ held }} - {{ worst }}) / nullif({{ best }} - {{ worst }}, 0) + 0.0
    end
{%- endmacro %}

{% macro polynomial(variable, coefficients) -%}
    {#- Σ coefficient × variable^k, the first being of k = 0, by Horner's rule. -#}
    {%- for coefficient in coefficients -%}
        {%- if not loop.last -%} ({{ coefficient }} + {{ variable }} * {%- else -%} {{ coefficient }} {%- endif -%}
    {%- endfor -%}
    {{ ")" * (coefficients | length - 1) }}
{%- endmacro %}

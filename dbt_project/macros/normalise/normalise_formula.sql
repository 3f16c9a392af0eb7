{% macro normalise_formula(value, rule) -%}
    {#- The framework's own expression over x, lowest, highest, mean, sd, median, n and place; null (such as divided by zero): missing. -#}
    case
        {{ rule }}.node_code
        {% for formula in normalise_formulas() %} when '{{ formula.node_code }}' then ({{ formula.formula_sql }}) {% endfor %}
        else null
    end
{%- endmacro %}

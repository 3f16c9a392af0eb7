{% macro aggregated(method, rate, weight, key, methods) -%}
    {#- The rate of a node by the method that the column `method` names; SQL for the methods in use alone. -#}
    case
        {{ method }} {% for used in methods %} when '{{ used }}' then {{ context["aggregate_" ~ used](rate, weight, key) }} {% endfor %}
    end
{%- endmacro %}

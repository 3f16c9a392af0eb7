{% macro round_half_away(value, decimals) -%}
    {#- Cast to decimal(18,9), then rounded half away from zero: 2.675 → 2.68, which the double nearest to 2.675 would miss. -#}
    case
        {{ decimals }}
        {% for places in range(9) %}
            when {{ places }} then cast(round(cast({{ value }} as decimal(18, 9)), {{ places }}) as decimal(18, 9))
        {% endfor %}
        else cast({{ value }} as decimal(18, 9))
    end
{%- endmacro %}

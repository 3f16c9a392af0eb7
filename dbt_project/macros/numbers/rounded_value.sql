{% macro rounded_value(value, decimals) -%}
    {#-
      Rounded half away from zero on the decimal digits (2.675 → 2.68); as it is where `decimals` is null, or beyond 28 digits before the point,
      where a double has no decimals to round.
    -#}
    case
        when {{ decimals }} is null
        then {{ value }}
        {%- for places in range(10) %}
            when {{ decimals }} = {{ places }}
            then coalesce(cast(round(try_cast({{ value }} as decimal(38, 9)), {{ places }}) as double), {{ value }})
        {%- endfor %}
        else {{ value }}
    end
{%- endmacro %}

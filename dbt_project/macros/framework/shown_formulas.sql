{% macro shown_formulas() -%}
    {#- The indicators of which readers see something made of the rate: node_code, formula_sql. #}
    {{
        return(
            rows_of(
                "select indicator_code as node_code, shown_sql as formula_sql from "
                ~ ref("stg_framework__indicators")
                ~ " where shown_sql is not null order by indicator_code"
            )
        )
    }}
{%- endmacro %}

{% macro normalise_formulas() -%}
    {#- The measures and indicators that are normalised by an expression of the framework: node_code, formula_sql. #}
    {{
        return(
            rows_of(
                "select measure_code as node_code, formula_sql from "
                ~ ref("stg_framework__measures")
                ~ " where formula_sql is not null union all select indicator_code as node_code, formula_sql from "
                ~ ref("stg_framework__indicators")
                ~ " where formula_sql is not null order by node_code"
            )
        )
    }}
{%- endmacro %}

{% macro aggregate_methods() -%}
    {#- The methods in use by which a node's rate comes from those below it, sorted; the root is arithmetic. #}
    {{
        return(
            rows_of(
                "select distinct aggregate as method from "
                ~ ref("stg_framework__indicators")
                ~ " union select 'arithmetic' order by method"
            )
            | map(attribute="method")
            | list
        )
    }}
{%- endmacro %}

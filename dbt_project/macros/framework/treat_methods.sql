{% macro treat_methods() -%}
    {#- The treatments of outliers in use, as first step or `otherwise`, sorted. #}
    {{
        return(
            rows_of(
                "select treat_method as method from "
                ~ ref("stg_framework__measures")
                ~ " where treat_method is not null union select treat_otherwise from "
                ~ ref("stg_framework__measures")
                ~ " where treat_otherwise is not null order by method"
            )
            | map(attribute="method")
            | list
        )
    }}
{%- endmacro %}

{% macro impute_methods() -%}
    {#- The methods in use that make values for missing ones, sorted. #}
    {{
        return(
            rows_of(
                "select distinct impute_method as method from "
                ~ ref("stg_framework__measures")
                ~ " where impute_method not in ('none', 'block') order by method"
            )
            | map(attribute="method")
            | list
        )
    }}
{%- endmacro %}

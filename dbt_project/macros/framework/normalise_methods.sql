{% macro normalise_methods() -%}
    {#- The normalising methods in use, sorted. #}
    {{
        return(
            rows_of("select distinct normalise_method as method from " ~ ref("stg_framework__measures") ~ " order by method")
            | map(attribute="method")
            | list
        )
    }}
{%- endmacro %}

{% macro normalise_methods(nodes="measures") -%}
    {#- The normalising methods in use, sorted. `nodes`: measures or indicators. #}
    {{
        return(
            rows_of(
                "select distinct normalise_method as method from "
                ~ ref("stg_framework__" ~ nodes)
                ~ " where normalise_method is not null order by method"
            )
            | map(attribute="method")
            | list
        )
    }}
{%- endmacro %}

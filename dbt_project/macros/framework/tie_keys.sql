{% macro tie_keys() -%}
    {#- The codes of the nodes (or `entity_code`) by which a tie is set apart, the first one first; none where ranks are shared. #}
    {{
        return(
            rows_of(
                "select unnest(ties_by) as code, generate_subscripts(ties_by, 1) as place from "
                ~ ref("stg_framework__edition")
                ~ " order by place"
            )
            | map(attribute="code")
            | list
        )
    }}
{%- endmacro %}

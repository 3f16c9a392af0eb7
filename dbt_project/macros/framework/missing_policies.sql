{% macro missing_policies() -%}
    {#- What becomes of missing values, the policies of measures in use, sorted. #}
    {{
        return(
            rows_of(
                "select distinct missing_policy as policy from "
                ~ ref("stg_framework__measures")
                ~ " where missing_policy is not null order by policy"
            )
            | map(attribute="policy")
            | list
        )
    }}
{%- endmacro %}

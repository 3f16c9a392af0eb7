{% macro judged_sources() -%}
    {#- The sources that rest on judgement, without which a second ranking is made, sorted; none where the framework names none. #}
    {{
        return(
            rows_of("select unnest(judged_sources) as source from " ~ ref("stg_framework__edition") ~ " order by source")
            | map(attribute="source")
            | list
        )
    }}
{%- endmacro %}

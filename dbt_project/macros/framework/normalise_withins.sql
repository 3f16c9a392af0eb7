{% macro normalise_withins(nodes) -%}
    {#- The words for reference sets in use (group, all, pooled, group_pooled, frozen, an attribute), sorted. `nodes`: measures or indicators. #}
    {{
        return(
            rows_of("select distinct within from " ~ ref("stg_framework__" ~ nodes) ~ " where within is not null order by within")
            | map(attribute="within")
            | list
        )
    }}
{%- endmacro %}

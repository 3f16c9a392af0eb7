{% macro record_fields() -%}
    {#- The fields of the datasets whose records are aggregated: source, dataset, field, type. #}
    {{
        return(
            rows_of(
                "select source, dataset, field, type from "
                ~ ref("stg_framework__fields")
                ~ " semi join (select source, dataset from "
                ~ ref("stg_framework__inputs")
                ~ " where layout = 'records' and aggregate_method is not null) using (source, dataset) order by source, dataset, field"
            )
        )
    }}
{%- endmacro %}

-- One row: entity × input, the value that counts: reported, verified (× the rate at which tests confirm it) or corrected.
-- Of an entity × field of a form or a table of places one cell counts at most, as intake decides.
{{ config(materialized="view") }}
{%- set parts = parts_in_use() %}
with
    delivered as (
        select cells.entity_code, rules.input_code, cells.number, cells.load_id, cells.file, cells.sheet, cells.cell
        from {{ ref("stg_intake__cells") }} as cells
        inner join
            {{ ref("stg_framework__inputs") }} as rules
            on cells.source = rules.source
            and cells.dataset = rules.dataset
            and cells.field = rules.input_code
        where cells.is_counted and cells.entity_code is not null and rules.aggregate_method is null
    ),
    joined as (
        select
            entities.entity_code,
            rules.input_code,
            {{ "if(rules.aggregate_method is null, delivered.number, aggregates.value)" if "records" in parts else "delivered.number" }}
            as value_reported,
            {%- set rate = "rates.rate" if "confirmation" in parts else "cast(null as double)" %}
            {{ rate }} as rate,
            {{ "corrected.input_code is not null" if "corrections" in parts else "false" }} as is_corrected,
            rules.verify_indicator is not null and not is_corrected as is_verified,
            {%- if "corrections" in parts %}
                if(is_corrected, corrected.value, {{ uncorrected_value("value_reported", "rules", rate) }}) as value_counted,
            {%- else %} {{ uncorrected_value("value_reported", "rules", rate) }} as value_counted,
            {%- endif %}
            {%- for column in ["load_id", "file", "sheet", "cell"] %}
                {%- if "corrections" in parts %} if(is_corrected, corrected.{{ column }}, delivered.{{ column }}) as {{ column }}
                {%- else %} delivered.{{ column }}
                {%- endif %}
                {{- "," if not loop.last }}
            {%- endfor %}
        from {{ ref("stg_framework__entities") }} as entities
        cross join {{ ref("stg_framework__inputs") }} as rules
        left join delivered using (entity_code, input_code)
        {%- if "records" in parts %} left join {{ ref("aggregates") }} as aggregates using (entity_code, input_code) {%- endif %}
        {%- if "corrections" in parts %}
            left join
                (select * from {{ ref("corrections") }} where state = 'applied') as corrected
                on entities.entity_code = corrected.entity_code
                and rules.input_code = corrected.input_code
        {%- endif %}
        {%- if "confirmation" in parts %}
            left join
                {{ ref("confirmation_rates") }} as rates
                on entities.entity_code = rates.entity_code
                and rules.verify_indicator = rates.indicator_code
                and rules.verify_at_least = rates.at_least
        {%- endif %}
    )
select
    entity_code,
    input_code,
    if(isfinite(value_counted), value_counted, null) as value,
    value_reported,
    if(is_verified, rate, null) as confirmation_rate,
    case
        when is_corrected
        then 'corrected'
        when value_counted is null or not isfinite(value_counted)
        then 'missing'
        when is_verified
        then 'verified'
        else 'reported'
    end as state,
    load_id,
    file,
    sheet,
    cell
from joined

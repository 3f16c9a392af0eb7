-- One row: entity × input, the value that counts: reported, verified (× the rate at which tests confirm it) or corrected.
with
    -- Records have fields of their own, which are no inputs: most cells.
    cells as not materialized(
        select cells.*
        from {{ ref("stg_intake__cells") }} as cells
        semi join {{ ref("stg_framework__inputs") }} as inputs on cells.field = inputs.input_code
        where cells.is_counted and cells.entity_code is not null
    ),
    -- The few that were delivered more than once; all others need no ordering.
    repeated as (select source, dataset, field, entity_code from cells group by source, dataset, field, entity_code having count(*) > 1),
    single as (
        select source, dataset, field, entity_code, number, load_id, file, sheet, cell
        from cells
        anti join repeated using (source, dataset, field, entity_code)
        union all
        select source, dataset, field, entity_code, number, load_id, file, sheet, cell
        from cells
        semi join repeated using (source, dataset, field, entity_code)
        qualify row_number() over (partition by source, dataset, field, entity_code order by sent_at desc, load_id, record_no) = 1
    ),
    corrected as (select * from {{ ref("corrections") }} where state = 'applied'),
    joined as (
        select
            entities.entity_code,
            inputs.input_code,
            if(inputs.aggregate_method is null, single.number, aggregates.value) as value_reported,
            inputs.verify_indicator is not null and corrected.input_code is null as is_verified,
            corrected.input_code is not null as is_corrected,
            if(
                corrected.input_code is null, {{ uncorrected_value("value_reported", "inputs", "rates.rate") }}, corrected.value
            ) as value_counted,
            rates.rate,
            if(corrected.input_code is null, single.load_id, corrected.load_id) as load_id,
            if(corrected.input_code is null, single.file, corrected.file) as file,
            if(corrected.input_code is null, single.sheet, corrected.sheet) as sheet,
            if(corrected.input_code is null, single.cell, corrected.cell) as cell
        from {{ ref("stg_framework__entities") }} as entities
        cross join {{ ref("stg_framework__inputs") }} as inputs
        left join
            single
            on entities.entity_code = single.entity_code
            and inputs.source = single.source
            and inputs.dataset = single.dataset
            and inputs.input_code = single.field
            and inputs.aggregate_method is null
        left join
            {{ ref("aggregates") }} as aggregates
            on entities.entity_code = aggregates.entity_code
            and inputs.input_code = aggregates.input_code
        left join corrected on entities.entity_code = corrected.entity_code and inputs.input_code = corrected.input_code
        left join
            {{ ref("confirmation_rates") }} as rates
            on entities.entity_code = rates.entity_code
            and inputs.verify_indicator = rates.indicator_code
            and inputs.verify_at_least = rates.at_least
    )
select
    {{ edition_code() }} as edition,
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
order by entity_code, input_code

-- One row: entity × input that the office decided on, with the value before and after. No names.
select
    {{ edition_code() }} as edition,
    {{ release_code() }} as release,
    corrections.entity_code,
    corrections.input_code,
    corrections.state,
    inputs.value_reported,
    {{ uncorrected_value("inputs.value_reported", "rules", "rates.rate") }} as value_before,
    inputs.value as value_after,
    corrections.contested_value,
    rules.unit,
    corrections.reason,
    corrections.decided_on,
    corrections.load_id,
    corrections.file,
    corrections.sheet,
    corrections.cell
from {{ ref("corrections") }} as corrections
inner join {{ ref("inputs") }} as inputs using (entity_code, input_code)
inner join {{ ref("stg_framework__inputs") }} as rules using (input_code)
left join
    {{ ref("confirmation_rates") }} as rates
    on corrections.entity_code = rates.entity_code
    and rules.verify_indicator = rates.indicator_code
    and rules.verify_at_least = rates.at_least
order by corrections.entity_code, corrections.input_code

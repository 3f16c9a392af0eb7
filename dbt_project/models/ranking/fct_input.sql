-- One row: entity × input, the value that counted and the cell that it came from.
select
    {{ edition_code() }} as edition,
    {{ release_code() }} as release,
    inputs.entity_code,
    inputs.input_code,
    inputs.value,
    inputs.value_reported,
    inputs.confirmation_rate,
    rules.unit,
    rules.source,
    inputs.state,
    inputs.load_id,
    inputs.file,
    inputs.sheet,
    inputs.cell
from {{ ref("inputs") }} as inputs
inner join {{ ref("stg_framework__inputs") }} as rules using (input_code)
order by inputs.entity_code, inputs.input_code

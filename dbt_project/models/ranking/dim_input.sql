-- One row: an input of the framework.
select
    {{ edition_code() }} as edition,
    {{ release_code() }} as release,
    input_code,
    source,
    dataset,
    label_zh,
    label_en,
    unit,
    type,
    minimum,
    maximum,
    maximum_input,
    as_of,
    vintage,
    aggregate_method,
    verify_indicator
from {{ ref("stg_framework__inputs") }}
order by input_code

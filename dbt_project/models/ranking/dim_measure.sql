-- One row: a measure of the framework.
select
    {{ edition_code() }} as edition,
    {{ release_code() }} as release,
    measure_code,
    indicator_code,
    position,
    label_zh,
    label_en,
    unit,
    direction,
    share,
    value_sql,
    applies_sql,
    treat_method,
    normalise_method,
    missing_policy
from {{ ref("stg_framework__measures") }}
order by position, measure_code

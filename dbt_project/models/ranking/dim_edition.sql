-- One row: the edition.
select
    edition,
    {{ release_code() }} as release,
    title_zh,
    title_en,
    period_from,
    period_to,
    as_of,
    previous as previous_edition,
    scale,
    decimals,
    round_at,
    round_decimals,
    rank_on,
    coverage_at_least,
    framework_hash
from {{ ref("stg_framework__edition") }}

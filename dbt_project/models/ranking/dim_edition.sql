-- One row: the edition.
with
    -- Of the points of all that were scored, the part that rests on imputed values.
    resting as (select avg(imputed_share order by entity_code) as imputed_share from {{ ref("ranked") }} where total is not null)
select
    edition.edition,
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
    rank_order,
    nullif(array_to_string(ties_by, ','), '') as ties_by,
    coverage_at_least,
    framework_hash,
    round(resting.imputed_share, 9) as imputed_share
from {{ ref("stg_framework__edition") }} as edition
cross join resting

-- One row: entity × indicator that is tested, with what the tests found and the rate that is taken from them.
with
    asked as (
        select verify_indicator as indicator_code, count(*) as inputs, max(verify_at_least) as tests_asked
        from {{ ref("stg_framework__inputs") }}
        where verify_indicator is not null
        group by verify_indicator
    )
select
    {{ edition_code() }} as edition,
    {{ release_code() }} as release,
    found.entity_code,
    found.indicator_code,
    coalesce(asked.inputs, 0) as inputs,
    asked.tests_asked,
    found.tests,
    found.confirmed,
    found.partly,
    found.refuted,
    found.refuted / nullif(found.tests, 0) as refuted_share,
    found.outcome,
    rates.rate,
    rates.rate_from
from {{ ref("confirmations") }} as found
left join asked using (indicator_code)
left join
    {{ ref("confirmation_rates") }} as rates
    on found.entity_code = rates.entity_code
    and found.indicator_code = rates.indicator_code
    and asked.tests_asked = rates.at_least
order by found.entity_code, found.indicator_code

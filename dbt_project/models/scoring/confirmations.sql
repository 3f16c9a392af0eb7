-- One row: entity × indicator that tests were made of, or that an input is verified by. A test without an outcome is none.
with
    tests as ({{ confirmation_tests() }}),
    valued as (
        select tests.entity_code, tests.indicator_code, worth.value
        from tests
        inner join {{ ref("stg_framework__confirmation_values") }} as worth on tests.outcome = worth.outcome
        where tests.entity_code is not null and tests.indicator_code is not null
    ),
    indicators as (
        select indicator_code
        from valued
        union
        select verify_indicator
        from {{ ref("stg_framework__inputs") }}
        where verify_indicator is not null
    ),
    tallied as (
        select
            entities.entity_code,
            indicators.indicator_code,
            count(valued.value) as tests,
            count(*) filter (where valued.value = 1) as confirmed,
            count(*) filter (where valued.value > 0 and valued.value < 1) as partly,
            count(*) filter (where valued.value = 0) as refuted
        from {{ ref("stg_framework__entities") }} as entities
        cross join indicators
        left join valued using (entity_code, indicator_code)
        group by entities.entity_code, indicators.indicator_code
    )
select
    {{ edition_code() }} as edition,
    entity_code,
    indicator_code,
    tests,
    confirmed,
    partly,
    refuted,
    case
        when tests = 0 then 'not_tested' when confirmed = tests then 'confirmed' when refuted = tests then 'refuted' else 'partly'
    end as outcome
from tallied
order by entity_code, indicator_code

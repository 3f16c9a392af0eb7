-- One row: entity × indicator that tests were made of, or that an input is verified by. A test without an outcome is none.
with
    tests as ({{ confirmation_tests() }}),
    indicators as (
        select indicator_code
        from tests
        union
        select verify_indicator
        from {{ ref("stg_framework__inputs") }}
        where verify_indicator is not null
    ),
    tallied as (
        select
            entities.entity_code,
            indicators.indicator_code,
            count(tests.value) as tests,
            count(*) filter (where tests.value = 1) as confirmed,
            count(*) filter (where tests.value > 0 and tests.value < 1) as partly,
            count(*) filter (where tests.value = 0) as refuted
        from {{ ref("stg_framework__entities") }} as entities
        cross join indicators
        left join tests using (entity_code, indicator_code)
        group by entities.entity_code, indicators.indicator_code
    )
select
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

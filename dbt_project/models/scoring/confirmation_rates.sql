-- One row: entity × indicator whose self-reported inputs are tested × least number of tests that an input asks for.
{% if "confirmation" in parts_in_use() %}
    with
        tests as ({{ confirmation_tests() }}),
        rules as (
            select distinct verify_indicator as indicator_code, verify_at_least as at_least
            from {{ ref("stg_framework__inputs") }}
            where verify_indicator is not null
        ),
        own as (
            select
                entities.entity_code,
                entities.group_code,
                rules.indicator_code,
                rules.at_least,
                coalesce(sum(tests.value order by tests.value), 0) as confirmed,
                count(tests.value) as tested
            from {{ ref("stg_framework__entities") }} as entities
            cross join rules
            left join tests on entities.entity_code = tests.entity_code and rules.indicator_code = tests.indicator_code
            group by entities.entity_code, entities.group_code, rules.indicator_code, rules.at_least
        ),
        of_groups as (
            select
                group_code,
                indicator_code,
                at_least,
                median(confirmed / nullif(tested, 0)) filter (where tested >= at_least) as group_median,
                sum(confirmed order by entity_code) / nullif(sum(tested), 0) as pooled
            from own
            group by group_code, indicator_code, at_least
        )
    select
        own.entity_code,
        own.indicator_code,
        own.at_least,
        own.confirmed,
        own.tested,
        if(own.tested >= own.at_least, own.confirmed / own.tested, coalesce(of_groups.group_median, of_groups.pooled)) as rate,
        case
            when own.tested >= own.at_least
            then 'own'
            when of_groups.group_median is not null
            then 'group_median'
            when of_groups.pooled is not null
            then 'pooled'
        end as rate_from
    from own
    inner join of_groups using (group_code, indicator_code, at_least)
    order by own.entity_code, own.indicator_code, own.at_least
{% else %} {{ no_rows() }}
{% endif %}

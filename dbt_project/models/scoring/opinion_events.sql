-- One row: a negative event of an entity, its severity, what the office decided on it, and the points that it costs.
{% if "events" in parts_in_use() %}
    with
        items as (select * from {{ ref("opinion_event_items") }}),
        found as (
            select
                event_id,
                entity_code,
                category,
                min(published_at) as first_at,
                max(published_at) as last_at,
                count(*) as items,
                count(distinct site_name) as outlets
            from items
            group by event_id, entity_code, category
        ),
        raised as (
            select distinct tiers.event_id
            from (select event_id, media_tier, count(distinct site_name) as outlets from items group by event_id, media_tier) as tiers
            inner join {{ ref("stg_framework__opinion_raise") }} as thresholds on tiers.media_tier = thresholds.media_tier
            where tiers.outlets >= thresholds.outlets
        ),
        decision_records as (
            select
                cells.entity_code,
                cells.load_id,
                cells.record_no,
                cells.sent_at,
                -- As intake writes the ids of items: a decision's stands as it was typed.
                lower(regexp_replace(max(cells.code) filter (where cells.field = 'item_id'), '\s', '', 'g')) as item_id,
                max(cells.code) filter (where cells.field = 'state') as state,
                max(cells.moment) filter (where cells.field = 'answered_at') as answered_at,
                max(cells.code) filter (where cells.field = 'category') as category,
                max(cells.number) filter (where cells.field = 'severity') as severity
            from {{ ref("stg_intake__cells") }} as cells
            semi join
                (select source, dataset from {{ ref("stg_framework__datasets") }} where kind = 'decision') as datasets
                on cells.source = datasets.source
                and cells.dataset = datasets.dataset
            where cells.is_counted
            group by cells.entity_code, cells.load_id, cells.record_no, cells.sent_at
        ),
        decided as (
            select items.event_id, records.state, records.answered_at, records.severity, categories.category
            from items
            inner join decision_records as records on items.entity_code = records.entity_code and items.item_id = records.item_id
            left join
                {{ ref("stg_framework__opinion_categories") }} as categories
                on records.category in (categories.category, categories.label_zh, categories.label_en)
            qualify
                row_number() over (
                    partition by items.event_id
                    order by records.sent_at desc, records.item_id, records.load_id, records.record_no, categories.category
                )
                = 1
        ),
        graded as (
            select
                found.event_id,
                found.entity_code,
                coalesce(decided.category, found.category) as category,
                found.first_at,
                found.last_at,
                found.items,
                found.outlets,
                cast(
                    coalesce(
                        decided.severity, least(categories.severity + if(raised.event_id is null, 0, 1), settings.severity_at_most)
                    ) as integer
                ) as severity,
                coalesce(decided.state, 'undecided') as state,
                decided.answered_at,
                coalesce(
                    decided.answered_at <= found.first_at + to_microseconds(cast(settings.answer_hours * 3600000000 as bigint)), false
                ) as is_answered_in_time,
                settings.answered_factor,
                settings.unfounded_factor
            from found
            cross join {{ ref("stg_framework__opinion_settings") }} as settings
            left join raised on found.event_id = raised.event_id
            left join decided on found.event_id = decided.event_id
            left join
                {{ ref("stg_framework__opinion_categories") }} as categories
                on coalesce(decided.category, found.category) = categories.category
        )
    select
        graded.event_id,
        graded.entity_code,
        graded.category,
        graded.first_at,
        graded.last_at,
        graded.items,
        graded.outlets,
        graded.severity,
        graded.state,
        graded.answered_at,
        graded.is_answered_in_time,
        deductions.deduction * case
            when graded.state = 'unfounded' then graded.unfounded_factor when graded.is_answered_in_time then graded.answered_factor else 1
        end as deduction
    from graded
    left join {{ ref("stg_framework__opinion_deductions") }} as deductions on graded.severity = deductions.severity
    order by graded.entity_code, graded.first_at, graded.event_id
{% else %} {{ no_rows() }}
{% endif %}

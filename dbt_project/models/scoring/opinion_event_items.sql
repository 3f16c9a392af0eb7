-- One row: a negative item about an entity, with the event that it belongs to.
-- An event begins with the first item that no earlier event of its entity and category has taken, and takes all within the window from it.
{% if "events" in parts_in_use() %}
    with recursive
        items as (
            select entity_code, category, item_id, published_at, site_name, media_tier, load_id, file, line_no
            from {{ ref("stg_intake__opinion_items") }}
            where is_counted and is_negative and entity_code is not null and category is not null and published_at is not null
        ),
        windows as (
            select to_microseconds(cast(window_hours * 3600000000 as bigint)) as length from {{ ref("stg_framework__opinion_settings") }}
        ),
        events as (
            select entity_code, category, min(published_at) as first_at
            from items
            group by entity_code, category
            union all
            select events.entity_code, events.category, min(items.published_at) as first_at
            from events
            cross join windows
            inner join
                items
                on events.entity_code = items.entity_code
                and events.category = items.category
                and items.published_at > events.first_at + windows.length
            group by events.entity_code, events.category
        ),
        placed as (
            select items.*, events.first_at
            from items
            asof inner join
                events
                on items.entity_code = events.entity_code
                and items.category = events.category
                and items.published_at >= events.first_at
        ),
        named as (
            select
                *, first_value(item_id) over (partition by entity_code, category, first_at order by published_at, item_id) as first_item_id
            from placed
        )
    select
        -- Two providers may give one id to two items: the second event that begins with it has its number behind it.
        concat_ws(
            ':',
            entity_code,
            category,
            first_item_id,
            nullif(dense_rank() over (partition by entity_code, category, first_item_id order by first_at), 1)
        ) as event_id,
        entity_code,
        category,
        item_id,
        published_at,
        site_name,
        media_tier,
        load_id,
        file,
        line_no
    from named
    order by entity_code, category, published_at, item_id
{% else %} {{ no_rows() }}
{% endif %}

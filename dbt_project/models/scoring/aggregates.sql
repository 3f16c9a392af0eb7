-- One row: entity × input made of records or of opinion events.
-- An entity without a record has counts and sums of 0 where the dataset was delivered; otherwise the value is missing.
-- A dataset was delivered where something in it counts, or a file of it is whole and has no row: a list on which nothing stands.
{% if "records" in parts_in_use() %}
    with
        delivered as (
            select source, dataset
            from {{ ref("stg_intake__cells") }}
            where is_counted
            union
            select datasets.source, datasets.dataset
            from {{ ref("stg_intake__opinion_items") }} as items
            cross join {{ ref("stg_framework__datasets") }} as datasets
            where items.is_counted and datasets.layout = 'items'
            union
            select source, dataset
            from {{ ref("stg_intake__deliveries") }}
            where state = 'taken' and cells = 0 and rejects = 0
        ),
        wanted as (
            select
                entities.entity_code,
                inputs.input_code,
                inputs.aggregate_method,
                inputs.drop,
                inputs.at_least,
                inputs.none_value,
                delivered.dataset is not null as is_delivered
            from {{ ref("stg_framework__entities") }} as entities
            cross join {{ ref("stg_framework__inputs") }} as inputs
            left join delivered on inputs.source = delivered.source and inputs.dataset = delivered.dataset
            where inputs.aggregate_method is not null
        ),
        summarised as (
            select
                entity_code,
                input_code,
                count(*) as records,
                count(quantity) as known,
                sum(quantity order by load_id, record_no) as total,
                min(quantity) as lowest,
                max(quantity) as highest,
                list(quantity order by quantity) filter (where quantity is not null) as quantities
            from {{ ref("input_records") }}
            group by entity_code, input_code
        ),
        deducted as (select entity_code, sum(deduction order by event_id) as points from {{ ref("opinion_events") }} group by entity_code)
    select
        wanted.entity_code,
        wanted.input_code,
        coalesce(summarised.records, 0) as records,
        case
            when not wanted.is_delivered
            then null
            when wanted.aggregate_method = 'event_deduction'
            then coalesce(deducted.points, wanted.none_value)
            when summarised.records is null
            then wanted.none_value
            when wanted.aggregate_method = 'count'
            then summarised.records
            when wanted.aggregate_method = 'sum'
            then summarised.total
            when wanted.aggregate_method = 'mean'
            then summarised.total / nullif(summarised.known, 0)
            when wanted.aggregate_method = 'minimum'
            then summarised.lowest
            when wanted.aggregate_method = 'maximum'
            then summarised.highest
            when wanted.aggregate_method = 'trimmed_mean'
            then {{ trimmed_mean("summarised.quantities", 'wanted."drop"', "wanted.at_least") }}
        end as value
    from wanted
    left join summarised on wanted.entity_code = summarised.entity_code and wanted.input_code = summarised.input_code
    left join deducted on wanted.entity_code = deducted.entity_code
    order by wanted.entity_code, wanted.input_code
{% else %} {{ no_rows() }}
{% endif %}

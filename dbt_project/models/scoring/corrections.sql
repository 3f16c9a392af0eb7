-- One row: entity × input that the office decided on, the latest decision that counts. One without a figure that refuses nothing is none.
-- A refusal that names a measure or an indicator answers an appeal against it, and is none of an input. Intake has rejected what contests
-- another value than the delivered one; of an input made of records that can be told here alone.
{% if "corrections" in parts_in_use() %}
    with
        cells as (
            select cells.*
            from {{ ref("stg_intake__cells") }} as cells
            inner join {{ ref("stg_framework__datasets") }} as datasets using (source, dataset)
            where datasets.kind = 'correction' and (cells.is_counted or cells.not_counted_because = 'superseded')
        ),
        records as (
            select
                cells.source,
                cells.dataset,
                cells.load_id,
                cells.record_no,
                cells.entity_code,
                cells.sent_at,
                max(cells.file) as file,
                bool_and(cells.is_counted) as is_counted,
                max(cells.code) filter (where cells.field = 'input') as input_code,
                max(cells.number) filter (where cells.field = 'value') as value,
                max(cells.number) filter (where cells.field = 'contested_value') as contested_value,
                coalesce(max(cells.code) filter (where cells.field = 'decision'), 'accepted') as decision,
                max(cells.day) filter (where cells.field = 'decided_on') as decided_on,
                max(cells.text) filter (where cells.field = 'reason' and not coalesce(fields.is_personal, false)) as reason,
                max(cells.sheet) as sheet,
                max(cells.cell) filter (where cells.field = 'value') as value_cell,
                max(cells.cell) filter (where cells.field = 'input') as input_cell,
                max(cells.text) filter (where cells.field = 'contested_value') as contested_text,
                max(cells.cell) filter (where cells.field = 'contested_value') as contested_cell
            from cells
            left join {{ ref("stg_framework__fields") }} as fields using (source, dataset, field)
            group by cells.source, cells.dataset, cells.load_id, cells.record_no, cells.entity_code, cells.sent_at
        ),
        held as (
            select *
            from records
            where
                is_counted
                and (value is not null or decision = 'refused')
                and input_code in (select input_code from {{ ref("stg_framework__inputs") }})
            qualify row_number() over (partition by entity_code, input_code order by sent_at desc, load_id, record_no) = 1
        ),
        made as (
            select aggregates.entity_code, aggregates.input_code, aggregates.value
            from {{ ref("aggregates") }} as aggregates
            inner join {{ ref("stg_framework__inputs") }} as inputs using (input_code)
            where inputs.aggregate_method is not null
        ),
        -- What may be contested of an input made of records: what they come to, and what an earlier decision made of it.
        standing as (
            select entity_code, input_code, value
            from made
            union all
            select held.entity_code, held.input_code, earlier.value
            from held
            inner join
                records as earlier
                on held.entity_code = earlier.entity_code
                and held.input_code = earlier.input_code
                and held.sent_at > earlier.sent_at
        ),
        met as (
            select held.entity_code, held.input_code
            from held
            inner join standing using (entity_code, input_code)
            where abs(held.contested_value - standing.value) <= 1e-9 * greatest(1, abs(standing.value))
            group by held.entity_code, held.input_code
        )
    select
        held.entity_code,
        held.input_code,
        case
            when made.input_code is not null and held.contested_value is not null and met.input_code is null
            then 'contests_other'
            when held.decision = 'refused'
            then 'refused'
            else 'applied'
        end as state,
        held.value,
        held.contested_value,
        made.value as value_delivered,
        held.reason,
        coalesce(held.decided_on, cast(timezone(edition.time_zone, timezone('UTC', held.sent_at)) as date)) as decided_on,
        held.source,
        held.dataset,
        held.load_id,
        held.record_no,
        held.file,
        held.sheet,
        coalesce(held.value_cell, held.input_cell) as cell,
        held.contested_text,
        held.contested_cell
    from held
    cross join {{ ref("stg_framework__edition") }} as edition
    left join made using (entity_code, input_code)
    left join met using (entity_code, input_code)
    order by held.entity_code, held.input_code
{% else %} {{ no_rows() }}
{% endif %}

-- One row: entity × input × delivered cell that it rests on. Cells of fields that hold a person's data show no text and no value.
with
    inputs as (select * from {{ ref("inputs") }}),
    rules as (select * from {{ ref("stg_framework__inputs") }}),
    cells as (
        select cells.*, coalesce(fields.is_personal, false) as is_personal
        from {{ ref("stg_intake__cells") }} as cells
        left join {{ ref("stg_framework__fields") }} as fields using (source, dataset, field)
        where cells.is_counted and cells.entity_code is not null
    ),
    -- The fields that an expression over records reads; of one that reads none, the fields that tell the records apart.
    used as (
        select rules.input_code, rules.source, rules.dataset, fields.field
        from rules
        inner join {{ ref("stg_framework__fields") }} as fields using (source, dataset)
        inner join {{ ref("stg_framework__datasets") }} as datasets using (source, dataset)
        where
            rules.layout = 'records'
            and rules.aggregate_method is not null
            and case
                when rules.of_sql is null and rules.where_sql is null
                then list_contains(datasets.key, fields.field)
                else
                    contains(concat_ws(' ', rules.of_sql, rules.where_sql), concat('"', fields.field, '"'))
                    or coalesce(rules.band_by = fields.field, false)
            end
    ),
    of_values as (
        select
            cells.entity_code,
            rules.input_code,
            'value' as role,
            cells.load_id,
            cells.file,
            cells.sheet,
            cells.cell,
            cells.text,
            cells.number
        from rules
        inner join cells on rules.source = cells.source and rules.dataset = cells.dataset and rules.input_code = cells.field
        where rules.aggregate_method is null
    ),
    of_corrections as (
        select
            cells.entity_code,
            inputs.input_code,
            'correction' as role,
            cells.load_id,
            cells.file,
            cells.sheet,
            cells.cell,
            cells.text,
            cells.number
        from inputs
        inner join
            cells
            on inputs.entity_code = cells.entity_code
            and inputs.load_id = cells.load_id
            and inputs.cell = cells.cell
            and inputs.sheet is not distinct from cells.sheet
        where inputs.state = 'corrected'
    ),
    of_records as (
        select
            records.entity_code,
            records.input_code,
            'record' as role,
            cells.load_id,
            cells.file,
            cells.sheet,
            cells.cell,
            if(cells.is_personal, null, cells.text) as text,
            if(cells.is_personal, null, cells.number) as number
        from {{ ref("input_records") }} as records
        inner join used on records.input_code = used.input_code
        inner join
            cells
            on used.source = cells.source
            and used.dataset = cells.dataset
            and used.field = cells.field
            and records.load_id = cells.load_id
            and records.record_no = cells.record_no
            and records.entity_code = cells.entity_code
    ),
    of_events as (
        select
            items.entity_code,
            rules.input_code,
            'record' as role,
            items.load_id,
            items.file,
            null as sheet,
            concat('line ', items.line_no) as cell,
            null as text,
            null as number
        from rules
        cross join {{ ref("opinion_event_items") }} as items
        where rules.aggregate_method = 'event_deduction'
    ),
    of_tests as (
        select
            inputs.entity_code,
            inputs.input_code,
            'confirmation' as role,
            outcomes.load_id,
            outcomes.file,
            outcomes.sheet,
            outcomes.cell,
            outcomes.text,
            worth.value as number
        from inputs
        inner join rules using (input_code)
        cross join {{ ref("stg_framework__edition") }} as edition
        inner join
            cells as tested
            on inputs.entity_code = tested.entity_code
            and edition.confirmation_dataset = tested.dataset
            and edition.confirmation_indicator_field = tested.field
            and rules.verify_indicator = tested.code
        inner join
            cells as outcomes
            on tested.load_id = outcomes.load_id
            and tested.dataset = outcomes.dataset
            and tested.record_no = outcomes.record_no
            and edition.confirmation_outcome_field = outcomes.field
        inner join {{ ref("stg_framework__confirmation_values") }} as worth on outcomes.code = worth.outcome
        where inputs.state = 'verified'
    )
select entity_code, input_code, load_id, file, sheet, cell, text, cast(number as double) as value, role
from
    (
        from of_values
        union all
        from of_corrections
        union all
        from of_records
        union all
        from of_events
        union all
        from of_tests
    )
order by entity_code, input_code, role, load_id, sheet, cell

-- One row: entity × input made of records × record for which the input's condition holds, with the quantity to be summarised.
-- A record without the quantity to be banded (a call never answered) passes every limit, so it takes the bands' else.
{%- set rules = aggregate_rules() %}
{%- set fields = record_fields() %}
{%- set columns = {
    "integer": "number",
    "number": "number",
    "boolean": "number <> 0",
    "date": "day",
    "moment": "moment",
    "category": "code",
    "text": "code",
} %}
with
    -- read by workdays_between
    workdays as (select day, workday_no from {{ ref("stg_framework__workdays") }}),
    counted as (
        select source, dataset, entity_code, load_id, record_no, field, number, day, moment, code
        from {{ ref("stg_intake__cells") }}
        where is_counted and entity_code is not null
    ),
    {%- for source, in_source in fields | groupby("source") %}
        {%- for dataset, in_dataset in in_source | groupby("dataset") %}
            "{{ source }}.{{ dataset }}" as (
                select
                    entity_code,
                    load_id,
                    record_no
                    {%- for field in in_dataset %}
                        , max({{ columns[field.type] }}) filter (where field = '{{ field.field }}') as "{{ field.field }}"
                    {%- endfor %}
                from counted
                where source = '{{ source }}' and dataset = '{{ dataset }}'
                group by entity_code, load_id, record_no
            ),
        {%- endfor %}
    {%- endfor %}
    qualified as (
        {%- for rule in rules %}
            select
                '{{ rule.input_code }}' as input_code,
                entity_code,
                load_id,
                record_no,
                cast({{ rule.of_sql or "1" }} as double) as quantity,
                cast({{ '"' ~ rule.band_by ~ '"' if rule.band_by else "null" }} as varchar) as band_value
            from "{{ rule.source }}.{{ rule.dataset }}"
            where coalesce({{ rule.where_sql or "true" }}, false)
            union all
        {%- endfor %}
        select
            cast(null as varchar) as input_code,
            cast(null as varchar) as entity_code,
            cast(null as varchar) as load_id,
            cast(null as bigint) as record_no,
            cast(null as double) as quantity,
            cast(null as varchar) as band_value
        where false
    ),
    -- The first limit that the quantity does not pass is the lowest of those at or above it.
    banded as (
        select
            qualified.input_code,
            qualified.entity_code,
            qualified.load_id,
            qualified.record_no,
            arg_min(bands.score, bands.at_most) filter (where qualified.quantity <= bands.at_most) as score
        from qualified
        inner join
            {{ ref("stg_framework__input_bands") }} as bands
            on qualified.input_code = bands.input_code
            and (bands.by_value is null or qualified.band_value = bands.by_value)
        group by qualified.input_code, qualified.entity_code, qualified.load_id, qualified.record_no
    ),
    otherwise as (select input_code, max(else_score) as score from {{ ref("stg_framework__input_bands") }} group by input_code)
select
    qualified.entity_code,
    qualified.input_code,
    qualified.load_id,
    qualified.record_no,
    case
        when otherwise.input_code is not null
        then coalesce(banded.score, otherwise.score)
        when isfinite(qualified.quantity)
        then qualified.quantity
    end as quantity
from qualified
left join banded using (input_code, entity_code, load_id, record_no)
left join otherwise on qualified.input_code = otherwise.input_code
order by qualified.entity_code, qualified.input_code, qualified.load_id, qualified.record_no

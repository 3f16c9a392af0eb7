{% macro confirmation_tests() -%}
    {#- The third party's tests that count: a row a test, with the entity, the indicator tested and what its outcome is worth. One without an outcome is none. #}
    select tests.entity_code, tests.indicator_code, worth.value
    from
        (
            select
                cells.entity_code,
                max(cells.code) filter (where cells.field = edition.confirmation_indicator_field) as indicator_code,
                max(cells.code) filter (where cells.field = edition.confirmation_outcome_field) as outcome
            from {{ ref("stg_intake__cells") }} as cells
            inner join {{ ref("stg_framework__edition") }} as edition on cells.dataset = edition.confirmation_dataset
            where cells.is_counted and cells.entity_code is not null
            group by cells.load_id, cells.record_no, cells.entity_code
        ) as tests
    inner join {{ ref("stg_framework__confirmation_values") }} as worth on tests.outcome = worth.outcome
    where tests.indicator_code is not null
{%- endmacro %}

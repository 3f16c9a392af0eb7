-- One row: entity × measure. The value as its expression computes it; a condition that cannot be told counts as true.
{%- set rules = measure_rules() %}
{%- set codes = input_codes() %}
with
    wide as materialized({{ inputs_wide(ref("inputs"), codes) }}),
    computed as (
        {%- for rule in rules %}
            select
                entity_code,
                '{{ rule.measure_code }}' as measure_code,
                cast({{ rule.value_sql }} as double) as value,
                coalesce(cast({{ rule.applies_sql or "true" }} as boolean), true) as applies
            from wide
            union all
        {%- endfor %}
        select null as entity_code, null as measure_code, null as value, null as applies
        where false
    )
select {{ edition_code() }} as edition, entity_code, measure_code, if(isfinite(value), value, null) as value, applies
from computed
order by entity_code, measure_code

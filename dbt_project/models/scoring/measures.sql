-- One row: entity × measure. The value as its expression computes it; a condition that cannot be told counts as true. A measure of which
-- the
-- entity's group has no share does not apply.
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
select
    {{ edition_code() }} as edition,
    computed.entity_code,
    computed.measure_code,
    if(isfinite(computed.value), computed.value, null) as value,
    computed.applies and shares.measure_code is not null as applies
from computed
inner join {{ ref("stg_framework__entities") }} as entities using (entity_code)
left join
    {{ ref("stg_framework__measure_shares") }} as shares
    on entities.group_code = shares.group_code
    and computed.measure_code = shares.measure_code
order by computed.entity_code, computed.measure_code

-- One row: entity × measure. The value as its expression computes it; a condition that cannot be told counts as true. A measure of which
-- the entity's group has no share does not apply.
{%- set rules = measure_rules() %}
{%- set codes = input_codes() %}
with
    wide as materialized({{ inputs_wide(ref("inputs"), codes) }}),
    -- All measures of an entity side by side, then one below the other. No input can have a name with a blank in it.
    computed as (
        select
            entity_code,
            "group code" as group_code,
            unnest(
                [
                    {%- for rule in rules %}
                        struct_pack(
                            measure_code := '{{ rule.measure_code }}',
                            value := cast({{ rule.value_sql }} as double),
                            applies := coalesce(cast({{ rule.applies_sql or "true" }} as boolean), true)
                        )
                        {{- "," if not loop.last }}
                    {%- endfor %}
                ],
                recursive := true
            )
        from wide
        inner join (select entity_code, group_code as "group code" from {{ ref("stg_framework__entities") }}) using (entity_code)
    )
select
    {{ edition_code() }} as edition,
    computed.entity_code,
    computed.measure_code,
    if(isfinite(computed.value), computed.value, null) as value,
    computed.applies and shares.measure_code is not null as applies
from computed
left join
    {{ ref("stg_framework__measure_shares") }} as shares
    on computed.group_code = shares.group_code
    and computed.measure_code = shares.measure_code
order by computed.entity_code, computed.measure_code

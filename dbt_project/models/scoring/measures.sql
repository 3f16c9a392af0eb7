-- One row: entity × measure. The value as its expression computes it; a condition that cannot be told counts as true. A measure of which
-- the entity's group has no share does not apply.
{%- set rules = measure_rules() %}
{%- set codes = input_codes() %}
{%- set plain, computed = [], [] %}
{%- for rule in rules %}
    {%- do (plain if not rule.applies_sql and rule.value_sql[1:-1] in codes else computed).append(rule) %}
{%- endfor %}
{{- may_read(["inputs"]) }}
with
    valued as (
        {%- if plain %}
            -- Measures that are an input as it is.
            select inputs.entity_code, rules.measure_code, inputs.value, true as applies
            from {{ ref("inputs") }} as inputs
            inner join
                (
                    values
                        {% for rule in plain %}
                            ('{{ rule.measure_code }}', '{{ rule.value_sql[1:-1] }}') {{- "," if not loop.last }}
                        {% endfor %}
                ) as rules(measure_code, input_code)
                on inputs.input_code = rules.input_code
        {%- endif %}
        {%- if plain and computed %}
            union all
        {%- endif %}
        {%- if computed %}
            -- Those that an expression computes: all of an entity side by side, then one below the other.
            select
                entity_code,
                unnest(
                    [
                        {%- for rule in computed %}
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
            from ({{ inputs_wide(ref("inputs"), codes) }})
        {%- endif %}
        {%- if not plain and not computed %}
            select null as entity_code, null as measure_code, null as value, null as applies where false
        {%- endif %}
    )
select
    valued.entity_code,
    valued.measure_code,
    if(isfinite(valued.value), valued.value, null) as value,
    valued.applies and shares.measure_code is not null as applies
from valued
inner join {{ ref("stg_framework__entities") }} as entities using (entity_code)
left join
    {{ ref("stg_framework__measure_shares") }} as shares
    on entities.group_code = shares.group_code
    and valued.measure_code = shares.measure_code

-- One row: entity × veto whose condition holds; one that cannot be told does not strike.
{%- set rules = veto_rules() %}
{%- set codes = input_codes() %}
with
    wide as materialized({{ inputs_wide(ref("inputs"), codes) }}),
    struck as (
        {%- for rule in rules %}
            select entity_code, '{{ rule.veto_code }}' as veto_code
            from wide
            where coalesce(cast({{ rule.when_sql }} as boolean), false)
            union all
        {%- endfor %}
        select cast(null as varchar) as entity_code, cast(null as varchar) as veto_code
        where false
    )
select struck.entity_code, struck.veto_code, vetoes.position, vetoes.effect, vetoes.effect_value
from struck
inner join {{ ref("stg_framework__vetoes") }} as vetoes using (veto_code)
order by struck.entity_code, vetoes.position

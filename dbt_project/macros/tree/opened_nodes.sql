{% macro opened_nodes(earned) -%}
    {#-
      `earned` with what stands beside the scale: a bonus counts where the parts, to nine decimals, earn at least opens_at points together, else
      it is 0; the total takes bonuses and deductions in, and where there is a deduction it is never below 0.
    -#}
    with
        opened as (
            select
                earned.* exclude (earned),
                if(
                    earned.kind = 'bonus',
                    coalesce(cast(roots.earned as decimal(18, 9)) >= cast(earned.opens_at as decimal(18, 9)), false),
                    null
                ) as is_opened,
                if(earned.kind = 'bonus' and not is_opened, earned.earned * 0, earned.earned) as earned
            from {{ earned }} as earned
            left join (select entity_code, earned from {{ earned }} where level = 0) as roots using (entity_code)
        ),
        beside as (
            select entity_code, sum(earned order by position) as earned, bool_or(kind = 'deduction') as has_deduction
            from opened
            where level = 1 and kind <> 'part'
            group by entity_code
        )
    select
        opened.* exclude (earned),
        case
            when opened.level > 0
            then opened.earned
            when opened.earned is null
            then null
            when coalesce(beside.has_deduction, false)
            then greatest(0.0, {{ storable("opened.earned + coalesce(beside.earned, 0)") }})
            else {{ storable("opened.earned + coalesce(beside.earned, 0)") }}
        end as earned
    from opened
    left join beside using (entity_code)
{%- endmacro %}

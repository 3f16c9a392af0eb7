{% macro from_the_siblings(delivered, sets, method, statistic) -%}
    {#-
      A statistic of the places (0–1, 1 best) that the entity's other measures of the indicator have among the delivered values of their sets,
      laid back on the measure's own. A measure whose set is constant gives no place; with none the value stays missing.
    -#}
    with
        wanted as (select distinct indicator_code, impute_within as within from {{ delivered }} where impute_method = '{{ method }}'),
        members as (
            select
                delivered.entity_code,
                delivered.measure_code,
                delivered.indicator_code,
                wanted.within,
                delivered.sign,
                delivered.sign * delivered.value as x,
                min(x) over of_the_set as lowest,
                max(x) over of_the_set as highest,
                delivered.is_missing and delivered.impute_method = '{{ method }}' and delivered.impute_within = wanted.within as is_wanted
            from {{ delivered }} as delivered
            inner join wanted using (indicator_code)
            inner join {{ sets }} as sets on delivered.entity_code = sets.entity_code and wanted.within = sets.within
            window of_the_set as (partition by delivered.measure_code, wanted.within, sets.set_code)
        ),
        places as (
            select entity_code, indicator_code, within, {{ statistic }} as place
            from (select *, (x - lowest) / nullif(highest - lowest, 0) as place from members)
            where place is not null
            group by entity_code, indicator_code, within
        )
    select members.entity_code, members.measure_code, members.sign * {{ steadied("(lowest + places.place * (highest - lowest))") }} as value
    from members
    inner join places using (entity_code, indicator_code, within)
    where members.is_wanted
{%- endmacro %}

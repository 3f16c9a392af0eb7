-- One row: entity × measure whose value was moved by the treatment of outliers.
select
    {{ edition_code() }} as edition,
    {{ release_code() }} as release,
    treated.entity_code,
    treated.measure_code,
    imputed.value_imputed as value_from,
    treated.value_treated as value_to,
    treated.treated_by as step
from {{ ref("treated") }} as treated
inner join {{ ref("imputed") }} as imputed using (entity_code, measure_code)
where treated.treated_by is not null
order by treated.entity_code, treated.measure_code

-- One row: entity × measure, from the computed value to the one that was scored.
select
    norms.edition,
    {{ release_code() }} as release,
    norms.entity_code,
    norms.measure_code,
    norms.indicator_code,
    measures.value,
    treated.value_treated,
    norms.normalised,
    norms.normalised_used,
    norms.state,
    measures.applies,
    norms.share,
    norms.share_used
from {{ ref("normalised") }} as norms
inner join {{ ref("measures") }} as measures using (entity_code, measure_code)
inner join {{ ref("treated") }} as treated using (entity_code, measure_code)
order by norms.entity_code, norms.measure_code

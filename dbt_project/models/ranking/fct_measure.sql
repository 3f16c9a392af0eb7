-- One row: entity × measure, from the computed value to the one that was scored.
select
    {{ edition_code() }} as edition,
    {{ release_code() }} as release,
    norms.entity_code,
    norms.measure_code,
    norms.indicator_code,
    measures.value,
    norms.value_treated,
    norms.imputed_by,
    rules.direction,
    norms.set_code,
    norms.normalised,
    norms.normalised_used,
    norms.flag,
    norms.state,
    norms.applies,
    norms.share,
    norms.weight,
    norms.share_used
from {{ ref("normalised") }} as norms
inner join {{ ref("measures") }} as measures on norms.entity_code = measures.entity_code and norms.measure_code = measures.measure_code
inner join {{ ref("stg_framework__measures") }} as rules on norms.measure_code = rules.measure_code
order by norms.entity_code, norms.measure_code

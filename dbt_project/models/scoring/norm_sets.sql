-- One row: a measure or indicator × reference set in which its values are compared, with the statistics of the set.
{%- set withins = (normalise_withins("measures") + normalise_withins("indicators")) | unique | list %}
with
    rules as (
        select measure_code as node_code, direction, {{ norm_columns() }}
        from {{ ref("stg_framework__measures") }}
        union all
        select indicator_code as node_code, direction, {{ norm_columns() }}
        from {{ ref("stg_framework__indicators") }}
        where normalise_method is not null
    ),
    valued as (
        select measure_code as node_code, set_code, value_treated as value
        from {{ ref("normalised") }}
        where set_code is not null and value_treated is not null
    ),
    compared as (
        select valued.node_code, valued.set_code, {{ signed_value("valued.value", "rules") }} as x
        from valued
        inner join rules on valued.node_code = rules.node_code
    ),
    statistics as ({{ reference_statistics("compared", "rules", withins, {"moments": true}) }})
select
    {{ edition_code() }} as edition,
    statistics.node_code,
    rules.within,
    statistics.set_code,
    statistics.entities,
    statistics.lowest,
    statistics.highest,
    statistics.mean,
    statistics.sd,
    statistics.median
from statistics
inner join rules on statistics.node_code = rules.node_code
order by statistics.node_code, statistics.set_code

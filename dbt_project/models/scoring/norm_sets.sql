-- One row: a measure or indicator × reference set in which its values are compared, with the statistics of the set.
{%- set withins_of = {"measures": normalise_withins("measures"), "indicators": normalise_withins("indicators")} %}
with
    rules as (
        select measure_code as node_code, direction, {{ norm_columns() }}
        from {{ ref("stg_framework__measures") }}
        union all
        select indicator_code as node_code, direction, {{ norm_columns() }}
        from {{ ref("stg_framework__indicators") }}
        where normalise_method is not null
    ),
    measured as (
        select norms.measure_code as node_code, norms.set_code, {{ signed_value("norms.value_treated", "rules") }} as x
        from {{ ref("normalised") }} as norms
        inner join rules on norms.measure_code = rules.node_code
        where norms.set_code is not null
    ),
    rated as (
        select entity_code, group_code, indicator_code as node_code, rate_aggregated as value
        from {{ ref("indicator_scores") }}
        where rate_aggregated is not null
    ),
    compared as (
        select node_code, set_code, x
        from measured
        union all
        select node_code, set_code, x
        from ({{ compared_values("rated", "rules", withins_of.indicators) }})
    ),
    statistics as (
        {{ reference_statistics("compared", "rules", (withins_of.measures + withins_of.indicators) | unique | list, {"moments": true}) }}
    )
select
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
inner join rules on statistics.node_code = rules.node_code {{ may_read(["stg_framework__reference_sets", "stg_framework__norms"]) }}

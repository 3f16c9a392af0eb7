{% macro normalised_nodes(values, rules, methods, withins) -%}
    {#-
      Values on the scale of their method, compared with their reference set: for measures and for indicators alike, at any level.
      `values`: a relation, one row entity × node: entity_code, node_code, group_code, value (null: in no set), points (the node's nominal
      points in the entity's group; `deduction` alone reads them), and whatever else is to be kept, under names that no rule has.
      `rules`: a relation, one row a node: node_code, direction and the columns of norm_columns(). A node without a row there, or whose
      normalise_method is null, keeps its value as it is.
      `methods`, `withins`: what these rules use, as normalise_methods("measures") and normalise_withins("measures") say (or "indicators").
      Adds x (the value, or its opposite where lower is better: more of it is better), set_code (null: its method compares nothing, or the
      entity is in no set), is_constant (the set tells nothing apart: state no_information, also for those without a value), normalised
      (in its range, rounded to its decimals; null: missing or no information), and of the set what the methods in use need: entities,
      lowest, highest, mean, sd, median, place, place_average, place_highest, reference_x.
      A method is macros/normalise/normalise_<method>.sql: its formula, and beside it no_information_<method> where a set can tell nothing.
    -#}
    {{-
        may_read(
            [
                "stg_framework__measures",
                "stg_framework__indicators",
                "stg_framework__entities",
                "stg_framework__node_bands",
                "stg_framework__reference_sets",
                "stg_framework__norms",
            ]
        )
    -}}
    {%- set needs = method_needs(methods) -%}
    with
        rules_read as ({{ rules_with_bands(rules, methods) }}),
        compared as ({{ compared_values(values, "rules_read", withins) }})
        {%- if needs.set %}, reference_sets as ({{ reference_statistics("compared", "rules_read", withins, needs) }}) {%- endif %}
        {%- if needs.place %}, placed as ({{ places("compared", "rules_read", withins, needs.placing) }}) {%- endif %}
        {%- if needs.reference %}, references_read as ({{ reference_entities("compared", "rules_read") }}) {%- endif %},
        ruled as (
            select
                node_values.*,
                rules_read.* exclude (node_code)
                {%- if needs.set %}, reference_sets.* exclude (node_code, set_code), reference_sets.entities as n {%- endif %}
                {%- if needs.reference %}, coalesce(of_this.reference_x, of_all.reference_x) as reference_x {%- endif %}
            from {{ "placed" if needs.place else "compared" }} as node_values
            left join rules_read on node_values.node_code = rules_read.node_code
            {%- if needs.set %}
                left join
                    reference_sets on node_values.node_code = reference_sets.node_code and node_values.set_code = reference_sets.set_code
            {%- endif %}
            {%- if needs.reference %}
                left join {{ ref("stg_framework__entities") }} as reference_times on node_values.entity_code = reference_times.entity_code
                left join
                    references_read as of_this
                    on node_values.node_code = of_this.node_code
                    and of_this.is_of_this_time
                    and reference_times.time is not distinct from of_this.time
                left join references_read as of_all on node_values.node_code = of_all.node_code and not of_all.is_of_this_time
            {%- endif %}
        ),
        normed as (
            select
                *,
                cast(
                    case
                        when value is null or normalise_method is null
                        then value
                        {%- for method in methods %}
                            when normalise_method = '{{ method }}' then {{ context["normalise_" ~ method]("ruled.value", "ruled") }}
                        {%- endfor %}
                    end as double
                ) as on_scale,
                {{ no_information("ruled", methods, needs) }} as is_constant
            from ruled
        )
    select
        * exclude (direction, {{ norm_columns() }}, bands, on_scale),
        if(
            is_constant or not isfinite(on_scale),
            null,
            {{ rounded_value("coalesce(range_low + on_scale * (range_high - range_low), on_scale)", "decimals") }}
        ) as normalised
    from normed
{%- endmacro %}

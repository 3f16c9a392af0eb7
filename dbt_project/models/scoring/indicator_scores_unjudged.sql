-- One row: entity × indicator, as in indicator_scores, without the measures that read what rests on judgement; no row where the framework
-- names no such sources.
-- depends_on: {{ ref("stg_framework__measures") }}, {{ ref("stg_framework__indicator_points") }}
-- depends_on: {{ ref("stg_framework__reference_sets") }}, {{ ref("stg_framework__norms") }}, {{ ref("stg_framework__node_bands") }}
-- depends_on: {{ ref("normalised") }}, {{ ref("stg_framework__measure_inputs") }}, {{ ref("stg_framework__inputs") }}
-- depends_on: {{ ref("stg_framework__edition") }}, {{ ref("stg_framework__entities") }}, {{ ref("stg_framework__indicators") }}
{% set sources = judged_sources() %}
{% if sources %} {{ scored_tree("(" ~ unjudged_norms(ref("normalised"), sources) ~ ")") }}
{% else %} {{ no_rows() }}
{% endif %}

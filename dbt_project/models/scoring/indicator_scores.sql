-- One row: entity × indicator, every level, the root as TOTAL at level 0. How: macros/tree/scored_tree.sql.
-- depends_on: {{ ref("stg_framework__measures") }}, {{ ref("stg_framework__indicator_points") }}
-- depends_on: {{ ref("stg_framework__reference_sets") }}, {{ ref("stg_framework__norms") }}, {{ ref("stg_framework__node_bands") }}
{{ scored_tree(ref("normalised")) }}

{{ config(schema="staging", materialized="view", contract={"enforced": false}) }}
-- One row: an entity with the interval of its rank.
{{ staged(source("analysis", "rank_interval")) }}

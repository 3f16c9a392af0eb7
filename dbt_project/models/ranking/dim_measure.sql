-- One row: a measure of the framework.
select
    {{ edition_code() }} as edition,
    {{ release_code() }} as release,
    rules.measure_code,
    rules.indicator_code,
    rules.position,
    rules.label_zh,
    rules.label_en,
    rules.unit,
    rules.direction,
    rules.share,
    rules.value_sql,
    rules.applies_sql,
    rules.impute_method,
    {{ impute_words("rules", "zh") }} as impute_zh,
    {{ impute_words("rules", "en") }} as impute_en,
    rules.treat_method,
    {{ treat_words("rules", "zh") }} as treat_zh,
    {{ treat_words("rules", "en") }} as treat_en,
    rules.normalise_method,
    {{ normalise_words("rules", "bands.bands", "zh") }} as normalise_zh,
    {{ normalise_words("rules", "bands.bands", "en") }} as normalise_en,
    rules.within,
    rules.is_bounded,
    rules.flag_at_least,
    rules.missing_policy
from {{ ref("stg_framework__measures") }} as rules
left join ({{ node_bands() }}) as bands on rules.measure_code = bands.node_code
order by rules.position, rules.measure_code

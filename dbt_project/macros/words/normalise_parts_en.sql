{% macro normalise_parts_en(rule, bands, shown) -%}
    {#- The parts of normalise_words in English, each the SQL of a text: `ways` is what a method computes. #}
    {%- set capped = "if(" ~ rule ~ ".is_capped, ', at most 1', '')" -%}
    {%- set ways = [
        (
            "goalposts",
            "concat(if("
            ~ rule
            ~ ".goalpost_scale = 'ln', 'Goalposts: (ln(value) - ln(worst)) ÷ (ln(best) - ln(worst))', 'Goalposts: (value - worst) ÷ (best - worst)'), ', worst ', "
            ~ shown.worst
            ~ ", ', best ', "
            ~ shown.best
            ~ ", if("
            ~ rule
            ~ ".is_capped, ', held within 0–1', ', not capped'))",
        ),
        (
            "min_max",
            by_direction(
                rule, "Min-max: (value - lowest) ÷ (highest - lowest)", "Min-max: (highest - value) ÷ (highest - lowest)"
            ),
        ),
        (
            "z_score",
            "concat("
            ~ by_direction(rule, "z-score: (value - mean) ÷ standard deviation", "z-score: (mean - value) ÷ standard deviation")
            ~ ", "
            ~ moved(rule, shown, " × ", " + ", " - ")
            ~ ", if("
            ~ rule
            ~ ".sd_kind = 'population', ', which divides by n', ', which divides by n - 1'))",
        ),
        ("percentile_rank", "'Percentile rank: (place - 1) ÷ (number - 1)'"),
        ("rank", "'Rank: place'"),
        ("borda", "'Borda: place - 1'"),
        (
            "distance_to_target",
            "concat("
            ~ by_direction(
                rule,
                "Distance to the target: (value - lowest) ÷ (target - lowest)",
                "Distance to the target: (highest - value) ÷ (highest - target)",
            )
            ~ ", ', target ', "
            ~ shown.target
            ~ ", "
            ~ capped
            ~ ")",
        ),
        (
            "distance_to_reference",
            "concat("
            ~ by_direction(
                rule,
                "Distance to a reference: (value - lowest) ÷ (reference - lowest)",
                "Distance to a reference: (highest - value) ÷ (highest - reference)",
            )
            ~ ", ', the reference being the value of ', "
            ~ rule
            ~ ".reference_entity, "
            ~ capped
            ~ ")",
        ),
        (
            "fraction_of_best",
            by_direction(rule, "Fraction of the best: value ÷ highest", "Fraction of the best: lowest ÷ value"),
        ),
        (
            "ratio_to_target",
            "concat('Ratio to the target: value ÷ target, target ', " ~ shown.target ~ ", ', held within 0–1')",
        ),
        ("bands", "concat('Bands: ', " ~ band_words(bands, "up to {}: {}", "; ") ~ ", '; beyond: ', " ~ shown.else_value ~ ")"),
        ("category_map", "concat('Categories: ', " ~ band_words(bands, "{} is {}", "; ") ~ ")"),
        (
            "deduction",
            "concat('Deduction: 1 - value ÷ points, those of the measure in the group, held within ', "
            ~ shown.floor
            ~ ", '–1')",
        ),
        (
            "exponential",
            "concat('Exponential: -',"
            ~ shown.strength
            ~ ", ' × ln(1 - place ÷ number × (1 - exp(-100 ÷ ', "
            ~ shown.strength
            ~ ", '))) ÷ 100')",
        ),
        (
            "normal_score",
            "if("
            ~ rule
            ~ ".place_offset > 0, concat('Normal score: standard normal quantile ((place - ', "
            ~ shown.place_offset
            ~ ", ') ÷ (number + 1 - 2 × ', "
            ~ shown.place_offset
            ~ ", '))'), 'Normal score: standard normal quantile (place ÷ (number + 1))')",
        ),
        (
            "formula",
            "concat('Formula: ', "
            ~ rule
            ~ ".formula_sql, "
            ~ by_direction(rule, ", x being the value", ", x being the opposite of the value")
            ~ ")",
        ),
        ("none", by_direction(rule, "The value itself", "The opposite of the value")),
    ] -%}
    {{
        return(
            {
                "ways": ways,
                "first": by_direction(rule, ", the lowest value first", ", the highest value first"),
                "ties": [
                    ("lowest", "', equal ones at the lowest of their places'"),
                    ("average", "', equal ones at the mean of their places'"),
                    ("highest", "', equal ones at the highest of their places'"),
                ],
                "frozen": "', place being one more than the frozen values that are worse and at most their number'",
                "and": "', '",
                "range": "concat(', from 0–1 onto ', " ~ shown.range_low ~ ", ' to ', " ~ shown.range_high ~ ")",
                "decimals": "concat(', rounded to ', " ~ shown.decimals ~ ", ' decimals')",
            }
        )
    }}
{%- endmacro %}

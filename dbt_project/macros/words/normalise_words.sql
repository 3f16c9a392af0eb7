{% macro normalise_words(rule, language) -%}
    {#- How a value is brought onto its scale, as a reader follows it with a calculator, in `zh` or `en`; null: it is not. -#}
    {%- set zh = language == "zh" -%}
    {%- set shown = {} -%}
    {%- for column in ["worst", "best", "target", "output_mean", "output_sd", "strength", "range_low", "range_high", "decimals"] -%}
        {%- do shown.update({column: shown_number(rule ~ "." ~ column)}) -%}
    {%- endfor -%}
    {%- set compared -%}
        (
            'min_max', 'z_score', 'percentile_rank', 'rank', 'borda', 'distance_to_target', 'distance_to_reference', 'fraction_of_best',
            'exponential', 'normal_score', 'formula'
        )
    {%- endset -%}
    {%- if zh -%}
        {%- set words = [
            (
                "goalposts",
                "concat('功效系数：最差 ', "
                ~ shown.worst
                ~ ", '，最好 ', "
                ~ shown.best
                ~ ", if("
                ~ rule
                ~ ".goalpost_scale = 'ln', '，取自然对数', ''), if("
                ~ rule
                ~ ".is_capped, '', '，不封顶'))",
            ),
            ("min_max", "'极差法：（值－最低）÷（最高－最低）'"),
            ("z_score", "concat('标准分：（值－均值）÷标准差×', " ~ shown.output_sd ~ ", '＋', " ~ shown.output_mean ~ ")"),
            ("percentile_rank", "'百分位：（位次－1）÷（个数－1），最差为第1位'"),
            ("rank", "'位次：最差为1'"),
            ("borda", "'位次－1：最差为0'"),
            ("distance_to_target", "concat('目标距离：（值－最低）÷（目标 ', " ~ shown.target ~ ", '－最低）')"),
            ("distance_to_reference", "concat('标杆距离：（值－最低）÷（', " ~ rule ~ ".reference_entity, ' 的值－最低）')"),
            ("fraction_of_best", "'占最好值之比：越高越好者为值÷最高，越低越好者为最低÷值'"),
            ("ratio_to_target", "concat('达标率：值÷目标 ', " ~ shown.target ~ ", '，0–1')"),
            ("bands", "'分档计分'"),
            ("category_map", "'按类别计分'"),
            ("deduction", "'扣分：1－值÷分值'"),
            ("exponential", "concat('位次指数变换，强度 ', " ~ shown.strength ~ ")"),
            ("normal_score", "'位次的正态分位数：位次÷（个数＋1）'"),
            ("formula", "concat('公式：', " ~ rule ~ ".formula_sql)"),
            ("none", "'不变换'"),
        ] -%}
        {%- set set_named, ranged, rounded = ["'，'", "'，变换到 '", "'，保留 '"], "' 至 '", "' 位小数'" -%}
    {%- else -%}
        {%- set words = [
            (
                "goalposts",
                "concat('Goalposts: worst ', "
                ~ shown.worst
                ~ ", ', best ', "
                ~ shown.best
                ~ ", if("
                ~ rule
                ~ ".goalpost_scale = 'ln', ', on the natural logarithm', ''), if("
                ~ rule
                ~ ".is_capped, '', ', not capped'))",
            ),
            ("min_max", "'Min-max: (value - lowest) ÷ (highest - lowest)'"),
            (
                "z_score",
                "concat('z-score: (value - mean) ÷ standard deviation × ', "
                ~ shown.output_sd
                ~ ", ' + ', "
                ~ shown.output_mean
                ~ ")",
            ),
            ("percentile_rank", "'Percentile rank: (place - 1) ÷ (number - 1), the worst being first'"),
            ("rank", "'Place, the worst being 1'"),
            ("borda", "'Place less 1, the worst being 0'"),
            (
                "distance_to_target",
                "concat('Distance to the target: (value - lowest) ÷ (', " ~ shown.target ~ ", ' - lowest)')",
            ),
            (
                "distance_to_reference",
                "concat('Distance to a reference: (value - lowest) ÷ (that of ', " ~ rule ~ ".reference_entity, ' - lowest)')",
            ),
            (
                "fraction_of_best",
                "'Fraction of the best: value ÷ highest where higher is better, lowest ÷ value where lower is'",
            ),
            ("ratio_to_target", "concat('Ratio to the target: value ÷ ', " ~ shown.target ~ ", ', held within 0–1')"),
            ("bands", "'Score of the band that the value lies in'"),
            ("category_map", "'Score of the category'"),
            ("deduction", "'Deduction: 1 - value ÷ points'"),
            ("exponential", "concat('Exponential of the place, strength ', " ~ shown.strength ~ ")"),
            ("normal_score", "'Normal quantile of place ÷ (number + 1)'"),
            ("formula", "concat('Formula: ', " ~ rule ~ ".formula_sql)"),
            ("none", "'The value itself'"),
        ] -%}
        {%- set set_named, ranged, rounded = ["', '", "', onto '", "', rounded to '"], "' to '", "' decimals'" -%}
    {%- endif -%}
    if(
        {{ rule }}.normalise_method is null,
        null,
        concat(
            {{ worded(rule ~ ".normalise_method", words) }},
            if({{ rule }}.normalise_method in {{ compared }}, concat({{ set_named[0] }}, {{ set_words(rule ~ ".within", language) }}), ''),
            if(
                {{ rule }}.range_low <> 0 or {{ rule }}.range_high <> 1,
                concat({{ set_named[1] }}, {{ shown.range_low }}, {{ ranged }}, {{ shown.range_high }}),
                ''
            ),
            if({{ rule }}.decimals is null, '', concat({{ set_named[2] }}, {{ shown.decimals }}, {{ rounded }}))
        )
    )
{%- endmacro %}

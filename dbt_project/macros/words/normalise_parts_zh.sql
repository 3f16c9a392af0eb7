{% macro normalise_parts_zh(rule, bands, shown) -%}
    {#- The parts of normalise_words in Chinese, each the SQL of a text: `ways` is what a method computes. #}
    {%- set capped = "if(" ~ rule ~ ".is_capped, '，不超过 1', '')" -%}
    {%- set ways = [
        (
            "goalposts",
            "concat(if("
            ~ rule
            ~ ".goalpost_scale = 'ln', '功效系数：（ln（值）－ln（最差））÷（ln（最好）－ln（最差））', '功效系数：（值－最差）÷（最好－最差）'), '，最差 ', "
            ~ shown.worst
            ~ ", '，最好 ', "
            ~ shown.best
            ~ ", if("
            ~ rule
            ~ ".is_capped, '，限于 0–1', '，不截断'))",
        ),
        ("min_max", by_direction(rule, "极差法：（值－最低）÷（最高－最低）", "极差法：（最高－值）÷（最高－最低）")),
        (
            "z_score",
            "concat("
            ~ by_direction(rule, "标准分：（值－均值）÷标准差", "标准分：（均值－值）÷标准差")
            ~ ", "
            ~ moved(rule, shown, "×", "＋", "－")
            ~ ", if("
            ~ rule
            ~ ".sd_kind = 'population', '，标准差以 n 为除数', '，标准差以 n－1 为除数'))",
        ),
        ("percentile_rank", "'百分位：（位次－1）÷（个数－1）'"),
        ("rank", "'名次：位次'"),
        ("borda", "'Borda：位次－1'"),
        (
            "distance_to_target",
            "concat("
            ~ by_direction(rule, "目标距离：（值－最低）÷（目标－最低）", "目标距离：（最高－值）÷（最高－目标）")
            ~ ", '，目标 ', "
            ~ shown.target
            ~ ", "
            ~ capped
            ~ ")",
        ),
        (
            "distance_to_reference",
            "concat("
            ~ by_direction(rule, "标杆距离：（值－最低）÷（标杆－最低）", "标杆距离：（最高－值）÷（最高－标杆）")
            ~ ", '，标杆为该对象的值 ', "
            ~ rule
            ~ ".reference_entity, "
            ~ capped
            ~ ")",
        ),
        ("fraction_of_best", by_direction(rule, "占最好值之比：值÷最高", "占最好值之比：最低÷值")),
        ("ratio_to_target", "concat('达标率：值÷目标，目标 ', " ~ shown.target ~ ", '，限于 0–1')"),
        (
            "bands",
            "concat('分档计分：', " ~ band_words(bands, "不超过 {} 得 {}", "；") ~ ", '；其余得 ', " ~ shown.else_value ~ ")",
        ),
        ("category_map", "concat('按类别计分：', " ~ band_words(bands, "{} 得 {}", "；") ~ ")"),
        ("deduction", "concat('扣分：1－值÷分值，即该组中该测度的分值，限于 ', " ~ shown.floor ~ ", '–1')"),
        (
            "exponential",
            "concat('指数变换：－',"
            ~ shown.strength
            ~ ", '×ln（1－位次÷个数×（1－exp（－100÷', "
            ~ shown.strength
            ~ ", '）））÷100')",
        ),
        (
            "normal_score",
            "if("
            ~ rule
            ~ ".place_offset > 0, concat('正态分：标准正态分位数（（位次－', "
            ~ shown.place_offset
            ~ ", '）÷（个数＋1－2×', "
            ~ shown.place_offset
            ~ ", '））'), '正态分：标准正态分位数（位次÷（个数＋1））')",
        ),
        ("formula", "concat('公式：', " ~ rule ~ ".formula_sql, " ~ by_direction(rule, "，x 为值", "，x 为值的相反数") ~ ")"),
        ("none", by_direction(rule, "值本身", "值的相反数")),
    ] -%}
    {{
        return(
            {
                "ways": ways,
                "first": by_direction(rule, "，最低值为第 1 位", "，最高值为第 1 位"),
                "ties": [
                    ("lowest", "'，相同值取最小位次'"),
                    ("average", "'，相同值取平均位次'"),
                    ("highest", "'，相同值取最大位次'"),
                ],
                "frozen": "'，位次为劣于该值的固定数值个数加 1，不超过其总个数'",
                "and": "'，'",
                "range": "concat('，由 0–1 变换到 ', " ~ shown.range_low ~ ", ' 至 ', " ~ shown.range_high ~ ")",
                "decimals": "concat('，保留 ', " ~ shown.decimals ~ ", ' 位小数')",
            }
        )
    }}
{%- endmacro %}

{% macro impute_words(rule, language) -%}
    {#- What stands in for a missing value before it is normalised, in `zh` or `en`; null: nothing does. -#}
    {%- set value, times = shown_number(rule ~ ".impute_value"), rule ~ ".impute_at_most" -%}
    {%- set any_time = "if(" ~ times ~ " is null, ''," -%}
    {%- set words = [
        ("zero", "'以 0 补缺'", "'0'"),
        ("value", "concat('以 ', " ~ value ~ ", ' 补缺')", value),
        ("mean", "'以已报数值的均值补缺'", "'the mean of the delivered values'"),
        ("median", "'以已报数值的中位数补缺'", "'the median of the delivered values'"),
        (
            "siblings_mean",
            "'以同指标其他测度的平均位置补缺（位置：已报数值中最差为 0、最好为 1）'",
            "'the value at the mean place of the indicator''s other measures, 0 the worst and 1 the best delivered'",
        ),
        (
            "siblings_median",
            "'以同指标其他测度的中位位置补缺（位置：已报数值中最差为 0、最好为 1）'",
            "'the value at the median place of the indicator''s other measures, 0 the worst and 1 the best delivered'",
        ),
        (
            "previous",
            "'以上一批次数值补缺（取自该对象或其唯一前身）'",
            "'the value of the previous edition, of the entity or its only predecessor'",
        ),
        (
            "latest",
            "concat('以此前最近一次已报数值补缺', " ~ any_time ~ " concat('，至多回溯 ', " ~ times ~ ", ' 期')))",
            "concat('the last value delivered before', " ~ any_time ~ " concat(', at most ', " ~ times ~ ", ' times back')))",
        ),
        (
            "linear",
            "'按前后时间的已报数值线性插补，首尾取最近的'",
            "'the straight line between the values delivered before and after, beyond the ends the nearest'",
        ),
        (
            "constant",
            "'沿用此前最近一次已报数值，此前没有则取其后第一个'",
            "'the last value delivered before, where there is none the first after'",
        ),
        ("block", "'缺失则不评分'", "'no score where it is missing'"),
    ] -%}
    {%- set said = [] -%}
    {%- for method, zh, en in words -%} {%- do said.append((method, spoken(language, zh, en))) -%} {%- endfor -%}
    if(
        {{ rule }}.impute_method is null,
        null,
        concat(
            {{ worded(rule ~ ".impute_method", said) }},
            if(
                {{ rule }}.impute_within is null,
                '',
                concat({{ spoken(language, "'，'", "', '") }}, {{ set_words(rule ~ ".impute_within", language) }})
            )
        )
    )
{%- endmacro %}

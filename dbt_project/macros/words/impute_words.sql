{% macro impute_words(rule, language) -%}
    {#- What stands in for a missing value before it is normalised, in `zh` or `en`; null: nothing does. -#}
    {%- set value = shown_number(rule ~ ".impute_value") -%}
    {%- if language == "zh" -%}
        {%- set words = [
            ("zero", "'以 0 补缺'"),
            ("value", "concat('以 ', " ~ value ~ ", ' 补缺')"),
            ("mean", "'以均值补缺'"),
            ("median", "'以中位数补缺'"),
            ("siblings_mean", "'按同指标其他测度的平均位置补缺'"),
            ("siblings_median", "'按同指标其他测度的中位位置补缺'"),
            ("previous", "'以上一批次数值补缺'"),
            ("latest", "'以最近一次数值补缺'"),
            ("linear", "'按前后年份线性插补'"),
            ("constant", "'沿用前一年份数值'"),
            ("block", "'缺失则不评分'"),
        ] -%}
        {%- set joined = "'，'" -%}
    {%- else -%}
        {%- set words = [
            ("zero", "'0 in place of a missing value'"),
            ("value", "concat(" ~ value ~ ", ' in place of a missing value')"),
            ("mean", "'mean'"),
            ("median", "'median'"),
            ("siblings_mean", "'the mean place of the indicator''s other measures'"),
            ("siblings_median", "'the median place of the indicator''s other measures'"),
            ("previous", "'the value of the previous edition'"),
            ("latest", "'the latest value before'"),
            ("linear", "'the line between the times before and after'"),
            ("constant", "'the value of the time before'"),
            ("block", "'no score where it is missing'"),
        ] -%}
        {%- set joined = "', '" -%}
    {%- endif -%}
    if(
        coalesce({{ rule }}.impute_method, 'none') = 'none',
        null,
        concat(
            {{ worded(rule ~ ".impute_method", words) }},
            if(
                {{ rule }}.impute_method in ('mean', 'median', 'siblings_mean', 'siblings_median'),
                concat({{ joined }}, {{ set_words(rule ~ ".impute_within", language) }}),
                ''
            )
        )
    )
{%- endmacro %}

{% macro treat_words(rule, language) -%}
    {#- How outliers are treated, in `zh` or `en`; null: they are not. -#}
    {%- if language == "zh" -%}
        {%- set words = [
            (
                "winsorise",
                "concat('缩尾', if("
                ~ rule
                ~ ".treat_at_most is null, '，点数不限', concat('，至多 ', "
                ~ rule
                ~ ".treat_at_most, ' 个点')))",
            ),
            ("log", "'取对数'"),
            ("log_plus", "'按偏向取对数'"),
            ("log_shifted", "'平移后取对数'"),
            ("log_gii", "'GII 对数'"),
            ("box_cox", "'Box-Cox 变换'"),
        ] -%}
        {%- set then, when, and, joined = "'；仍偏则'", "'，当|偏度|≥'", "'且峰度≥'", "'，'" -%}
    {%- else -%}
        {%- set words = [
            (
                "winsorise",
                "concat('winsorised', if("
                ~ rule
                ~ ".treat_at_most is null, ', any number of points', concat(', at most ', "
                ~ rule
                ~ ".treat_at_most, ' points')))",
            ),
            ("log", "'logarithm'"),
            ("log_plus", "'logarithm to the side that is skewed'"),
            ("log_shifted", "'logarithm of the value moved to begin at 1'"),
            ("log_gii", "'logarithm as of the Global Innovation Index'"),
            ("box_cox", "'Box-Cox'"),
        ] -%}
        {%- set then, when, and, joined = "'; where that does not suffice '", "', where |skewness| ≥ '", "' and kurtosis ≥ '", "', '" -%}
    {%- endif -%}
    if(
        {{ rule }}.treat_method is null,
        null,
        concat(
            {{ worded(rule ~ ".treat_method", words) }},
            {{ when }},
            {{ shown_number(rule ~ ".treat_skew") }},
            {{ and }},
            {{ shown_number(rule ~ ".treat_kurtosis") }},
            {{ joined }},
            {{ set_words(rule ~ ".treat_within", language) }},
            if({{ rule }}.treat_otherwise is null, '', concat({{ then }}, {{ worded(rule ~ ".treat_otherwise", words) }}))
        )
    )
{%- endmacro %}

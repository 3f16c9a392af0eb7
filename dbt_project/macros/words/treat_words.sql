{% macro treat_words(rule, language) -%}
    {#- How outliers are treated, in `zh` or `en`; null: they are not. What is lowest and highest are values of the set, before the step. -#}
    {%- set most = rule ~ ".treat_at_most" -%}
    {%- set winsorised -%}
        {%- if language == "zh" -%}
            concat(
                '缩尾：最外侧的点取其内侧相邻的数值，直至通过', if({{ most }} is null, '，点数不限', concat('，至多 ', {{ most }}, ' 个点'))
            )
        {%- else -%}
            concat(
                'winsorised: the outermost points take the value next to them until the set passes',
                if({{ most }} is null, ', any number of points', concat(', at most ', {{ most }}, ' points'))
            )
        {%- endif -%}
    {%- endset -%}
    {%- set forms = [
        ("log", "'取对数：ln（值－最低＋0.01×（最高－最低））'", "'logarithm: ln(value - lowest + 0.01 × (highest - lowest))'"),
        (
            "log_plus",
            "'按偏向取对数：偏度大于 0 时 ln（值－最低＋0.01×（最高－最低）），否则－ln（最高＋0.01×（最高－最低）－值）'",
            "'logarithm: where skewness is above 0 ln(value - lowest + 0.01 × (highest - lowest)), else -ln(highest + 0.01 × (highest - lowest) - value)'",
        ),
        ("log_shifted", "'平移后取对数：ln（值－最低＋1）'", "'logarithm: ln(value - lowest + 1)'"),
        (
            "log_gii",
            "'GII 对数：ln（（最高－1）×（值－最低）÷（最高－最低）＋1）'",
            "'logarithm of the Global Innovation Index: ln((highest - 1) × (value - lowest) ÷ (highest - lowest) + 1)'",
        ),
    ] -%}
    {%- set first, second = [("winsorise", winsorised)], [] -%}
    {%- for steps, power in [(first, rule ~ ".treat_power"), (second, rule ~ ".treat_otherwise_power")] -%}
        {%- for method, zh, en in forms -%} {%- do steps.append((method, spoken(language, zh, en))) -%} {%- endfor -%}
        {%- do steps.append(("box_cox", box_cox_words(power, language))) -%}
    {%- endfor -%}
    if(
        {{ rule }}.treat_method is null,
        null,
        concat(
            {{ spoken(language, "'|偏度|≥'", "'where |skewness| ≥ '") }},
            {{ shown_number(rule ~ ".treat_skew") }},
            {{ spoken(language, "'且峰度≥'", "' and kurtosis ≥ '") }},
            {{ shown_number(rule ~ ".treat_kurtosis") }},
            {{ spoken(language, "'，'", "', '") }},
            {{ set_words(rule ~ ".treat_within", language) }},
            {{ spoken(language, "'，'", "', '") }},
            {{ worded(rule ~ ".treat_method", first) }},
            if(
                {{ rule }}.treat_otherwise is null,
                '',
                concat(
                    if(
                        {{ rule }}.treat_combine,
                        {{ spoken(language, "'；仍未通过则在此基础上改用：'", "'; where that does not suffice, upon what it left: '") }},
                        {{ spoken(language, "'；仍未通过则对原数值改用：'", "'; where that does not suffice, in its place: '") }}
                    ),
                    {{ worded(rule ~ ".treat_otherwise", second) }}
                )
            )
        )
    )
{%- endmacro %}

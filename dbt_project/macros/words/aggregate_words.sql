{% macro aggregate_words(rule, language) -%}
    {#- How a node's rate comes from those of its children, in `zh` or `en`. `rule` has aggregate, aggregate_power, aggregate_within and penalty. -#}
    {%- set power = shown_number(rule ~ ".aggregate_power") -%}
    {%- if language == "zh" -%}
        {{
            worded(
                rule ~ ".aggregate",
                [
                    ("arithmetic", "'加权算术平均'"),
                    ("geometric", "'加权几何平均'"),
                    ("harmonic", "'加权调和平均'"),
                    ("generalised", "concat('加权广义平均，幂 ', " ~ power ~ ")"),
                    ("sum", "'加权求和'"),
                    ("minimum", "'取最小'"),
                    (
                        "copeland",
                        "concat('Copeland 两两比较：胜出数－落败数，', " ~ set_words(rule ~ ".aggregate_within", language) ~ ")",
                    ),
                    (
                        "mazziotta_pareto",
                        "concat('Mazziotta-Pareto：均值', if(" ~ rule ~ ".penalty = 'positive', '＋', '－'), '标准差×变异系数')",
                    ),
                ],
            )
        }}
    {%- else -%}
        {{
            worded(
                rule ~ ".aggregate",
                [
                    ("arithmetic", "'Weighted arithmetic mean'"),
                    ("geometric", "'Weighted geometric mean'"),
                    ("harmonic", "'Weighted harmonic mean'"),
                    ("generalised", "concat('Weighted generalised mean, power ', " ~ power ~ ")"),
                    ("sum", "'Weighted sum'"),
                    ("minimum", "'The least'"),
                    (
                        "copeland",
                        "concat('Copeland: pairs won less pairs lost, ', " ~ set_words(rule ~ ".aggregate_within", language) ~ ")",
                    ),
                    (
                        "mazziotta_pareto",
                        "concat('Mazziotta-Pareto: mean ', if("
                        ~ rule
                        ~ ".penalty = 'positive', '+', '-'), ' standard deviation × coefficient of variation')",
                    ),
                ],
            )
        }}
    {%- endif -%}
{%- endmacro %}

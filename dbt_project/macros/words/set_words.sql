{% macro set_words(within, language) -%}
    {#- Which entities are compared with each other, in `zh` or `en`. -#}
    {%- if language == "zh" -%}
        {{
            worded(
                within,
                [
                    ("group", "'组内'"),
                    ("all", "'各组之间'"),
                    ("pooled", "'各组各年份之间'"),
                    ("group_pooled", "'组内各年份之间'"),
                    ("frozen", "'以往期固定数值为参照'"),
                ],
                "concat('同一 ', " ~ within ~ ", ' 之间')",
            )
        }}
    {%- else -%}
        {{
            worded(
                within,
                [
                    ("group", "'within the group'"),
                    ("all", "'over all groups'"),
                    ("pooled", "'over all groups and times'"),
                    ("group_pooled", "'within the group over all times'"),
                    ("frozen", "'against frozen values of an earlier edition'"),
                ],
                "concat('among entities of one ', " ~ within ~ ")",
            )
        }}
    {%- endif -%}
{%- endmacro %}

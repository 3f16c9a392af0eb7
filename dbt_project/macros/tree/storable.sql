{% macro storable(score) -%}
    {#-
      The score, or the end of the build where its figure has more than the nine digits before the point that are kept of a score: in one sentence
      that names entity and node (columns entity_code, indicator_code), for what is delivered can make any rate of a method without a range.
    -#}
    if(
        coalesce(abs({{ score }}) < 999999999.5, true),
        {{ score }},
        error(
            format(
                '对象 {0} 的 {1} 得分为 {2:.6g}，超出可保存的范围（绝对值须小于 1,000,000,000）：请在框架中为其下取值无界的测度设定 range、分段或封顶，或减小分值。'
                || ' The score of {1} of entity {0} is {2:.6g}, more than can be kept (below 1,000,000,000 either way): give the unbounded measures below it '
                || 'a range, bands or a cap in the framework, or fewer points.',
                entity_code,
                indicator_code,
                {{ score }}
            )
        )
    )
{%- endmacro %}

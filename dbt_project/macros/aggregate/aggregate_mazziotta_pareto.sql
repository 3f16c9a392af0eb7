{% macro aggregate_mazziotta_pareto(children) -%}
    {#-
      Mean with a penalty for unbalanced rates: M − S × cv, or M + S × cv where the penalty is positive; cv = S ÷ M, S the sample standard
      deviation, all rates alike in weight. One child: M; M = 0: 0.
    -#}
    {%- set rates = "list(rate order by position) filter (where rate is not null)" -%}
    {%- set mean = "list_avg(" ~ rates ~ ")" -%}
    {%- set moved -%}
        {{ mean }} + if(any_value(penalty) = 'positive', 1, -1) * coalesce(list_var_samp({{ rates }}), 0) / {{ mean }}
    {%- endset -%}
    {{ tallied(children, "mazziotta_pareto", "if(" ~ mean ~ " = 0, 0.0, " ~ moved ~ ")") }}
{%- endmacro %}

{% macro aggregate_mazziotta_pareto(children) -%}
    {#-
      Mean with a penalty for unbalanced rates: M − S × cv, or M + S × cv where the penalty is positive; cv = S ÷ M, S the sample standard
      deviation, all rates alike in weight. One child: M. M = 0: 0, also where noise alone keeps it from 0 (below 1e-12 of S).
    -#}
    {%- set rates = "list(rate order by position) filter (where rate is not null)" -%}
    {%- set mean = "list_avg(" ~ rates ~ ")" -%}
    {%- set variance = "coalesce(list_var_samp(" ~ rates ~ "), 0)" -%}
    {%- set moved -%} {{ mean }} + if(any_value(penalty) = 'positive', 1, -1) * {{ variance }} / {{ mean }} {%- endset -%}
    {{ tallied(children, "mazziotta_pareto", "if(power(" ~ mean ~ ", 2) <= 1e-24 * " ~ variance ~ ", 0.0, " ~ moved ~ ")") }}
{%- endmacro %}

{% macro tallied(children, method, rate) -%}
    {#-
      One row an entity × node of the method: its rate, an aggregate of `children`' rates, and what else rises in the tree. `children` is one
      row an entity × node × child with position, rate and share (null where the child is dropped), weight and nominal (of every child),
      applies, is_present, is_missing, is_blocked, applicable, delivered, flags, and the node's aggregate, power, penalty, at_least, aggregate_within.
    -#}
    select
        entity_code,
        indicator_code,
        any_value(at_least) as at_least,
        count(*) filter (where applies) as children,
        count(*) filter (where is_present) as children_present,
        count(*) filter (where is_missing) as children_missing,
        count(*) filter (where not applies) as children_not_applicable,
        coalesce(bool_or(is_blocked), false) as is_blocked,
        {{ exact_sum("share") }} as shares,
        {{ exact_sum("applicable") }} as applicable,
        {{ exact_sum("delivered") }} as delivered,
        sum(flags) as flags,
        {{ rate }} as rate
    from {{ children }}
    where aggregate = '{{ method }}'
    group by entity_code, indicator_code
{%- endmacro %}

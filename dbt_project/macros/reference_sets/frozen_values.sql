{% macro frozen_values(rules) -%}
    {#- One row: a value of an earlier edition that the framework froze: node_code, set_code (the group that it stands for) and x. -#}
    select norms.node_code, norms.group_code as set_code, {{ signed_value("norms.value", "rules") }} as x
    from {{ ref("stg_framework__norms") }} as norms
    inner join {{ rules }} as rules on norms.node_code = rules.node_code and rules.within = 'frozen'
    where norms.value is not null
{%- endmacro %}

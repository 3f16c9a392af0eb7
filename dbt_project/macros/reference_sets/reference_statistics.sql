{% macro reference_statistics(compared, rules, withins, needs) -%}
    {#-
      One row: a node × reference set: entities (members with a value), lowest, highest and, where `needs.moments`, mean, sd and median of x.
      Members are the values compared; of a node whose set is `frozen` the framework's norms instead. sd divides by n − 1 (null for one
      member), by n where the rule says population. Sums run over the sorted values, compensated, so no thread can change a digit of them.
    -#}
    {%- set members -%}
        select compared.node_code, compared.set_code, compared.x
        from {{ compared }} as compared
        {%- if "frozen" in withins %} anti join {{ rules }} as rules on compared.node_code = rules.node_code and rules.within = 'frozen' {%- endif %}
        where compared.x is not null and compared.set_code is not null
        {%- if "frozen" in withins %}
            union all
            {{ frozen_values(rules) }}
        {%- endif %}
    {%- endset -%}
    {%- if not needs.moments %}
        select node_code, set_code, count(*) as entities, min(x) as lowest, max(x) as highest
        from ({{ members }})
        group by node_code, set_code
    {%- else %}
        select
            node_code,
            set_code,
            entities,
            lowest,
            highest,
            mean,
            if(
                lowest = highest,
                if(entities > divided_less, 0e0, null),
                sqrt(
                    list_aggregate(list_transform(numbers, lambda number:power(number - mean, 2)), 'fsum')
                    / nullif(entities - divided_less, 0)
                )
            ) as sd,
            median
        from
            (
                select
                    members.*,
                    if(rules.sd_kind = 'population', 0, 1) as divided_less,
                    members.numbers[1] as lowest,
                    members.numbers[-1] as highest,
                    if(
                        members.numbers[1] = members.numbers[-1],
                        members.numbers[1],
                        list_aggregate(members.numbers, 'fsum') / members.entities
                    ) as mean,
                    list_aggregate(members.numbers, 'median') as median
                from
                    (
                        select node_code, set_code, count(*) as entities, list(x order by x) as numbers
                        from ({{ members }})
                        group by node_code, set_code
                    ) as members
                left join {{ rules }} as rules on members.node_code = rules.node_code
            )
    {%- endif %}
{%- endmacro %}

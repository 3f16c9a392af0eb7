{% macro rated_nodes(stated, uses) -%}
    {#-
      One row an entity × node, after the policy for a missing one: its rate (of a missing one under `zero` 0), whether its parent counts it,
      and `share`: its nominal points, where any are to be spread with its part of what dropped siblings leave, evenly or in proportion.
    -#}
    with
        judged as (
            select
                stated.* exclude (rate),
                stated.kind = 'part' as is_part,
                stated.state = 'missing' and stated.missing_policy = 'zero' as is_zero,
                stated.state = 'blocked' or (stated.state = 'missing' and stated.missing_policy = 'block') as is_blocked,
                stated.state = 'scored' or is_zero or is_blocked as is_present,
                case when stated.state = 'scored' then stated.rate when is_zero then 0.0 end as rate
                {%- if "spread" in uses %}
                    ,
                    case
                        stated.state
                        when 'missing'
                        then stated.missing_policy
                        when 'not_applicable'
                        then edition.not_applicable
                        else 'reweight'
                    end as leaves
                {%- endif %}
            from {{ stated }} as stated
            {%- if "spread" in uses %} cross join {{ ref("stg_framework__edition") }} as edition {%- endif %}
        )
    select
        *,
        if(
            is_present,
            {%- if "spread" in uses %}
                points
                + coalesce(sum(points) filter (where not is_present and leaves <> 'spread') over siblings, 0)
                * points
                / sum(points) filter (where is_present) over siblings
                + coalesce(sum(points) filter (where not is_present and leaves = 'spread') over siblings, 0)
                / count(*) filter (where is_present) over siblings
            {%- else %} points
            {%- endif %},
            null
        ) as share
    from judged
    {%- if "spread" in uses %}
        window
            siblings as (
                partition by entity_code, parent_code, is_part order by position rows between unbounded preceding and unbounded following
            )
    {%- endif %}
{%- endmacro %}

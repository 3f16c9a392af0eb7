{% macro shown_rates(rated, formulas) -%}
    {#-
      One row an entity × indicator of `formulas` (shown_formulas()): `shown`, what readers see of its rate, by the framework's expression over x
      (the rate), and lowest, highest, mean, sd, median, n and place of the group's rates; null where it is no finite number. Nothing above rests
      on it. `rated`: one row entity × indicator, its rate, and rate_basis (null: takes no part).
    -#}
    with
        no_rules as (select cast(null as varchar) as node_code, cast(null as varchar) as sd_kind where false),
        compared as (
            select
                entity_code,
                indicator_code as node_code,
                group_code as set_code,
                rate as x,
                rank() over (partition by group_code, indicator_code order by {{ steadied("rate") }}) as place
            from {{ rated }}
            where rate_basis is not null and indicator_code in ('{{ formulas | map(attribute="node_code") | join("', '") }}')
        ),
        reference_sets as ({{ reference_statistics("compared", "no_rules", [], {"moments": true}) }}),
        made as (
            select
                compared.entity_code,
                compared.node_code as indicator_code,
                cast(
                    case
                        compared.node_code
                        {% for formula in formulas %} when '{{ formula.node_code }}' then ({{ formula.formula_sql }}) {% endfor %}
                    end as double
                ) as shown
            from compared
            inner join
                (select *, entities as n from reference_sets) as sets
                on compared.node_code = sets.node_code
                and compared.set_code = sets.set_code
        )
    select entity_code, indicator_code, if(isfinite(shown), shown, null) as shown
    from made
{%- endmacro %}

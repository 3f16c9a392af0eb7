"""GATE 2 scores, on the sets that measures and indicators are compared within: do they tell entities apart, the right way round."""

from __future__ import annotations

from expectations.rules import NoRows, Rule, figure
from expectations.tree import STEADY, TREE
from frameworks.model import Label

# One row of `told`: a set that a measure or an indicator is compared within, with its members' values in the node's own unit, as they are
# compared: treated, or steadied. `worst` and `best` are of its members; `reference` is the value of the entity of `distance_to_reference`,
# whatever set that is in (the worst, where each time has its own), `lacks_reference`: at some time it has none.
_TOLD = f"""
    {TREE},
    compared as (
        select measure_code as node_code, label_zh, label_en, direction, normalise_method, within, target, reference_entity
        from framework.measures where within is not null
        union all
        select indicator_code, name_zh, name_en, direction, normalise_method, within, target, reference_entity
        from framework.indicators where within is not null
    ),
    valued as (
        select t.entity_code, t.measure_code as node_code, t.value_treated as value
        from warehouse.scoring.normalised as t
        join scored as e on e.entity_code = t.entity_code
        join framework.measure_shares as s on s.group_code = e.group_code and s.measure_code = t.measure_code
        left join warehouse.scoring.measures as v on v.entity_code = t.entity_code and v.measure_code = t.measure_code
        where coalesce(v.applies, true)
        union all
        select entity_code, indicator_code, {STEADY.format("value")} from before
    ),
    -- A set that has no member with a value is told of too; one to which no entity belongs is none.
    judged_sets as (
        select distinct c.node_code, r.set_code, n.time
        from compared as c join framework.reference_sets as r on r.within = c.within
        join scored as e on e.entity_code = r.entity_code
        join framework.entities as n on n.entity_code = r.entity_code
        left join framework.measure_shares as s on s.measure_code = c.node_code and s.group_code = e.group_code
        left join framework.indicator_points as p on p.indicator_code = c.node_code and p.group_code = e.group_code
        where s.group_code is not null or p.group_code is not null
    ),
    referred as (
        select
            s.node_code, s.set_code, bool_or(v.value is null) as lacks_reference,
            if(any_value(c.direction) = 'lower_is_better', max(v.value), min(v.value)) as reference
        from judged_sets as s
        join compared as c on c.node_code = s.node_code and c.normalise_method = 'distance_to_reference'
        left join framework.entities as n
            on n.entity_code = c.reference_entity or (n.unit_code = c.reference_entity and n.time is not distinct from s.time)
        left join valued as v on v.entity_code = n.entity_code and v.node_code = c.node_code
        group by s.node_code, s.set_code
    ),
    among as (
        select v.node_code, r.set_code, v.value
        from valued as v
        join compared as c on c.node_code = v.node_code and c.within <> 'frozen'
        join framework.reference_sets as r on r.entity_code = v.entity_code and r.within = c.within
        where v.value is not null
        union all
        select n.node_code, n.group_code, n.value
        from framework.norms as n join compared as c on c.node_code = n.node_code and c.within = 'frozen'
    ),
    counted_sets as (
        select
            node_code, set_code, count(value) as entities, count(distinct value) as distinct_values, min(value) as lowest,
            max(value) as highest
        from among group by node_code, set_code
    ),
    told as (
        select
            c.*, s.set_code, concat_ws(' · ', c.node_code, nullif(s.set_code, '')) as name,
            coalesce(m.entities, 0) as entities, coalesce(m.distinct_values, 0) as distinct_values,
            c.direction = 'lower_is_better' as is_lower_better, if(is_lower_better, m.highest, m.lowest) as worst,
            if(is_lower_better, m.lowest, m.highest) as best, r.reference, coalesce(r.lacks_reference, false) as lacks_reference
        from (select distinct node_code, set_code from judged_sets) as s
        join compared as c on c.node_code = s.node_code
        left join counted_sets as m on m.node_code = s.node_code and m.set_code = s.set_code
        left join referred as r on r.node_code = s.node_code and r.set_code = s.set_code
    )
"""

NORMS_INFORMATIVE = Rule(
    name="norms_informative",
    label=Label(
        zh="参照组内的比较有区分度（无区分度的度量与指标数）",
        en="Comparisons within a set tell entities apart (measures and indicators that do not)",
    ),
    judged=f"""
        with {_TOLD}
        select
            name as item,
            case
                when distinct_values < 2 then 'values'
                when normalise_method = 'distance_to_target' and target = worst then 'target'
                when normalise_method = 'distance_to_reference' and (lacks_reference or reference = worst) then 'reference'
                when normalise_method = 'fraction_of_best' and best <= 0 then 'best'
            end as fault,
            format('{{}} 个对象，{{}} 个不同数值', entities, distinct_values) as value,
            concat(label_zh, '：', case fault when 'target' then '目标值不应是最差的数值'
                when 'reference' then '参照对象应有数值且不是最差的'
                when 'best' then '最优值应大于 0' else '至少两个不同数值' end) as expected_zh,
            concat(label_en, ': ', case fault when 'target' then 'a target other than the worst value'
                when 'reference' then 'a value of the reference entity, and not the worst' when 'best' then 'a best value above 0'
                else 'two different values at least' end) as expected_en
        from told
    """,
    failing="fault is not null",
    check=NoRows(),
    fault=Label(
        zh="{count} 个参照组内的比较没有区分度，其权重转给同级的其他度量或指标：{examples}；请核对来源数据。",
        en="{count} comparisons within a set tell nobody apart, so their share goes to the siblings: {examples}; "
        "check the source's figures.",
    ),
    not_applicable=(
        """
        select (select count(*) from framework.measures) > 0
            and not exists (from framework.measures where within is not null)
            and not exists (from framework.indicators where within is not null)
        """,
        Label(zh="没有相互比较的度量或指标", en="no measure or indicator is compared with others"),
    ),
)

_DISTANCES = "normalise_method in ('distance_to_target', 'distance_to_reference')"

TARGETS_ABOVE_WORST = Rule(
    name="targets_above_worst",
    label=Label(
        zh="目标值与参照对象优于参照组的最差值（不优于的参照组数）",
        en="Targets and reference entities are better than the worst of their set (sets in which they are not)",
    ),
    judged=f"""
        with {_TOLD},
        aimed as (
            select
                *, if(normalise_method = 'distance_to_target', target, reference) as aim,
                coalesce(if(is_lower_better, aim >= worst, aim <= worst), false) as is_not_above,
                if(normalise_method = 'distance_to_target', '目标值', concat('参照对象 ', reference_entity, ' 的数值')) as what_zh,
                if(normalise_method = 'distance_to_target', 'the target', concat('the value of ', reference_entity)) as what_en
            from told where {_DISTANCES}
        )
        select
            is_not_above,
            if(is_not_above, concat(name, ': ', {figure("aim")}, if(is_lower_better, ' ≥ ', ' ≤ '), {figure("worst")}), name) as item,
            {figure("aim")} as value,
            concat(label_zh, '：', what_zh, '为 ', {figure("aim")}, '，应优于该参照组的最差值 ', {figure("worst")}) as expected_zh,
            concat(label_en, ': ', what_en, ' is ', {figure("aim")}, ', to be better than the worst value of the set, ', {figure("worst")})
                as expected_en
        from aimed
    """,
    failing="is_not_above",
    check=NoRows(),
    fault=Label(
        zh="{count} 个参照组的目标值（或参照对象的数值）不优于组内最差值，得分次序因此颠倒或没有区分度：{examples}；"
        "请在框架中修改目标值或参照对象，或改用 goalposts。",
        en="in {count} sets the target, or the reference entity's value, is not better than the worst value, which turns the order of "
        "scores round or tells nothing: {examples}; mend the target or the reference entity in the framework, or normalise by goalposts.",
    ),
    not_applicable=(
        f"""
        select (select count(*) from framework.measures) > 0
            and not exists (from framework.measures where {_DISTANCES})
            and not exists (from framework.indicators where {_DISTANCES})
        """,
        Label(zh="没有与目标值或参照对象比较的度量或指标", en="no measure or indicator is compared with a target or a reference entity"),
    ),
)

"""An expectation of GATE 1 that compares with the previous edition, so that a source cut short is noticed."""

from __future__ import annotations

from expectations.rules import Between, NotNull, RowCount, Rule
from frameworks.model import Label

# What the office decides is as much as there is to decide: corrections, recusals and waivers are compared with nothing.
ROWS_AGAINST_PREVIOUS = Rule(
    name="rows_against_previous",
    label=Label(
        zh="每个数据集计入的记录数与上期之比不低于阈值（最低比例）",
        en="Counted records of each dataset against the previous edition's, at least (lowest ratio)",
    ),
    judged="""
        with counted as (
            select source, dataset, count(distinct (load_id, record_no)) as records from intake.cells where is_counted group by all
            union all
            select d.source, d.dataset, count(distinct (i.load_id, i.line_no))
            from intake.opinion_items as i cross join framework.datasets as d where i.is_counted and d.layout = 'items' group by all
        )
        select
            d.dataset as item, cast(coalesce(c.records, 0) as varchar) as value, coalesce(c.records, 0) / p.records as ratio,
            concat_ws('', '上期计入 ', p.records, ' 条，', d.label_zh) as expected_zh,
            concat_ws('', p.records, ' counted a period ago, ', coalesce(d.label_en, d.dataset)) as expected_en
        from framework.datasets as d
        join previous.records as p on p.source = d.source and p.dataset = d.dataset and p.records > 0
        left join counted as c on c.source = d.source and c.dataset = d.dataset
        where d.kind is null
    """,
    failing="ratio < $threshold",
    check=Between("ratio", "at_least"),
    guards=(RowCount(), NotNull("ratio")),
    measured="select min(ratio) from judged.rows_against_previous",
    fault=Label(
        zh="{count} 个数据集计入的记录数与上期之比最低 {observed}，应不低于 {threshold}：{examples}；请核对来文是否完整。",
        en="of {count} datasets far fewer records count than a period ago, the lowest ratio {observed}, at least {threshold} is asked: "
        "{examples}; check whether the files are whole.",
    ),
    not_applicable=(
        """
        select count(*) = 0
        from previous.records as p join framework.datasets as d on d.source = p.source and d.dataset = p.dataset
        where p.records > 0 and d.kind is null
        """,
        Label(zh="没有上期的记录数可比", en="no previous edition whose records were counted"),
    ),
)

"""GATE 1 intake: is what came complete and sane? Judged on the stage's `intake` and `framework` tables.

`gate.fields` beside them holds what the framework file says of a dataset's columns: source, dataset, field, minimum, maximum,
is_within_period.
"""

from __future__ import annotations

from expectations.against_previous import ROWS_AGAINST_PREVIOUS
from expectations.rules import Between, NoRows, NotNull, RowCount, Rule, Unique
from frameworks.model import Label

_DATASETS_DELIVERED = Rule(
    name="datasets_delivered",
    label=Label(zh="每个必报数据集均已报送（未报送数据集数）", en="Each required dataset was delivered (datasets that were not)"),
    # A file without a row delivers a list on which nothing stands. Where tests, scores or opinion items are meant, it delivers nothing,
    # and no more does a list of which every row was rejected.
    judged="""
        with counted as (
            select source, dataset, count(*) as n from intake.cells where is_counted group by all
            union all
            select d.source, d.dataset, count(*)
            from intake.opinion_items cross join framework.datasets as d where d.layout = 'items' group by all
        ),
        taken as (
            select source, dataset, count(*) as n, bool_or(cells = 0 and rejects = 0) as is_empty
            from intake.deliveries where state = 'taken' group by all
        )
        select
            d.dataset as item,
            d.required is not null as is_required,
            coalesce(sum(c.n), 0) > 0
                or (coalesce(any_value(t.is_empty), false) and d.layout = 'records' and d.source in ('provincial', 'correction'))
                as is_delivered,
            format('{} 个文件，{} 个计入的单元格', coalesce(any_value(t.n), 0), coalesce(sum(c.n), 0)) as value,
            concat_ws(' ', '应报送', d.label_zh) as expected_zh,
            concat_ws(' ', 'a delivery of', coalesce(d.label_en, d.dataset)) as expected_en
        from framework.datasets as d
        left join counted as c on c.source = d.source and c.dataset = d.dataset
        left join taken as t on t.source = d.source and t.dataset = d.dataset
        group by d.source, d.dataset, d.required, d.layout, d.label_zh, d.label_en
    """,
    failing="is_required and not is_delivered",
    check=NoRows(),
    fault=Label(
        zh="{count} 个必报数据集未报送或没有任何可计入的数据：{examples}；请向报送单位催报。",
        en="{count} required datasets were not delivered, or nothing in them counts: {examples}; ask their senders for them.",
    ),
    not_applicable=(
        "select count(*) > 0 and not bool_or(required is not null) from framework.datasets",
        Label(zh="框架中没有必报数据集", en="the framework requires no dataset"),
    ),
)

_EVERY_ENTITY_DELIVERED = Rule(
    name="every_entity_delivered",
    label=Label(zh="每个评价对象均已报送（未报送对象数）", en="Every entity delivered (entities that did not)"),
    judged="""
        select
            e.entity_code,
            d.dataset as item,
            min(c.file) as file,
            count(*) filter (where c.is_counted and c.state = 'reported') as counted,
            coalesce('未计入：' || array_to_string(list_sort(
                list(distinct coalesce(c.not_counted_because, '空')) filter (where c.load_id is not null)
            ), ', '), '无') as value,
            concat('应报送', coalesce(d.label_zh, d.dataset)) as expected_zh,
            concat('a counted delivery of ', coalesce(d.label_en, d.dataset)) as expected_en
        from framework.entities as e
        cross join framework.datasets as d
        left join intake.cells as c on c.entity_code = e.entity_code and c.source = d.source and c.dataset = d.dataset
        where d.required = 'each_entity'
        group by e.entity_code, d.dataset, d.label_zh, d.label_en
    """,
    failing="counted = 0",
    check=NoRows(),
    fault=Label(
        zh="{count} 个评价对象没有可计入的报送：{examples}；请催报，或报送豁免。",
        en="{count} entities have no delivery that counts: {examples}; ask them for it, or deliver a waiver.",
    ),
    not_applicable=(
        "select count(*) > 0 and not coalesce(bool_or(required = 'each_entity'), false) from framework.datasets",
        Label(zh="框架中没有须由每个评价对象报送的数据集", en="the framework asks no delivery of each entity"),
    ),
)

_COVERED = """
    select
        d.source, d.dataset, d.label_zh, d.label_en, e.entity_code,
        count(c.entity_code) > 0 as is_covered
    from framework.datasets as d
    cross join framework.entities as e
    left join intake.cells as c
        on c.source = d.source and c.dataset = d.dataset and c.entity_code = e.entity_code and c.is_counted and c.state = 'reported'
    where (d.layout = 'places' or (d.layout = 'records' and d.has_entity and d.source = 'third_party'))
        and (d.required is not null or (d.source, d.dataset) in (select (source, dataset) from intake.deliveries where state = 'taken'))
    group by all
"""

_DATASET_COVERAGE = Rule(
    name="dataset_coverage",
    label=Label(
        zh="每个数据集覆盖的评价对象比例不低于阈值（最低比例）",
        en="Share of the entities that each dataset covers, at least (lowest share)",
    ),
    judged=f"""
        select dataset as item, source, dataset, count(*) filter (where is_covered) / count(*) as share
        from ({_COVERED}) group by source, dataset
    """,
    failing="share < $threshold",
    check=Between("share", "at_least"),
    guards=(RowCount(), NotNull("share")),
    rows=f"""
        select
            c.entity_code, c.dataset as item, '无' as value,
            format('{{}}应有记录（该数据集仅覆盖 {{:.1f}}%）', coalesce(c.label_zh, c.dataset), 100 * j.share) as expected_zh,
            format('a record in {{}} (it covers {{:.1f}}%)', coalesce(c.label_en, c.dataset), 100 * j.share) as expected_en
        from ({_COVERED}) as c
        join judged.dataset_coverage as j on j.source = c.source and j.dataset = c.dataset
        where j.share < $threshold and not c.is_covered
    """,
    measured="select min(share) from judged.dataset_coverage",
    fault=Label(
        zh="数据集覆盖的评价对象太少，最低 {observed}，应不低于 {threshold}；缺少 {examples}；请核对来文是否完整。",
        en="datasets cover too few entities, the lowest {observed}, at least {threshold} is asked; without a record: {examples}; "
        "check whether the files are whole.",
    ),
    not_applicable=(
        f"""
        select (select count(*) from framework.entities) > 0 and (select count(*) from framework.datasets) > 0 and count(*) = 0
        from ({_COVERED})
        """,
        Label(zh="没有按地区列示的数据集", en="no dataset with a row a place"),
    ),
)

# A reject takes its record with it, so a record that is held back weighs all its cells. A file that cannot be read at all weighs what a
# file of its dataset holds. What fits no dataset is listed among the rejects, and is no share of any; what was withdrawn is gone.
# A score by an expert of the place is listed there too: it is left out by rule, and nothing is wrong with it; so is a version that came
# late. Of appeals, whatever they contest, nothing is computed.
_REJECT_SHARE = Rule(
    name="reject_share",
    label=Label(zh="各数据集退回比例不超过阈值（最高比例）", en="Share of rejects of each dataset, at most (highest share)"),
    judged="""
        with weighing as (select source, dataset from framework.datasets where kind is distinct from 'appeal'),
        read as (
            select
                source, dataset, count(*) as cells, count(distinct load_id) as files,
                count(*) filter (where not is_counted and not_counted_because not in ('superseded', 'duplicate', 'recused', 'late')) as held
            from intake.cells semi join weighing using (source, dataset)
            where not_counted_because is distinct from 'withdrawn' group by all
            union all
            select d.source, d.dataset, count(distinct (i.load_id, i.line_no)), count(distinct i.load_id), 0
            from intake.opinion_items as i cross join framework.datasets as d where d.layout = 'items' group by all
        ),
        rejected as (
            select
                source, dataset,
                count(*) filter (where coalesce(sheet, cell) is not null) as parts,
                count(*) filter (where coalesce(sheet, cell) is null) as files
            from intake.rejects
            where rule not in ('recused', 'late') and (source, dataset) in (select (source, dataset) from weighing)
                and (source, load_id) not in (select (source, load_id) from intake.deliveries where state = 'withdrawn')
            group by all
        ),
        weighed as (
            select
                coalesce(d.source, r.source) as source, coalesce(d.dataset, r.dataset) as dataset,
                coalesce(d.cells, 0) as cells, coalesce(d.held, 0) as held,
                coalesce(r.parts, 0) + coalesce(r.files, 0) * coalesce(d.cells / d.files, 1) as rejects
            from read as d full join rejected as r on r.source = d.source and r.dataset = d.dataset
        )
        select dataset as item, source, dataset, (held + rejects) / (cells + rejects) as share from weighed where cells + rejects > 0
    """,
    failing="share > $threshold",
    check=Between("share", "at_most"),
    guards=(RowCount(), NotNull("share")),
    rows="""
        select r.dataset as item, r.file, r.sheet, r.cell, r.value, r.message_zh as expected_zh, r.message_en as expected_en
        from intake.rejects as r
        join judged.reject_share as j on j.source = r.source and j.dataset = r.dataset
        where j.share > $threshold and r.rule not in ('recused', 'late')
    """,
    measured="select max(share) from judged.reject_share",
    fault=Label(
        zh="数据集退回比例最高 {observed}，应不超过 {threshold}，共 {count} 处退回，如 {examples}；"
        "请按退回清单联系报送单位更正；已有完好文件代替的坏文件，由办公室撤回。",
        en="the share of rejects of a dataset reaches {observed}, at most {threshold} is allowed: {count} rejects, such as {examples}; "
        "send the list of rejects to the senders, and withdraw a broken file that a good one replaces.",
    ),
)

# A decided correction stands in place of what was delivered, so it is what must lie within the range.
_VALUES_IN_RANGE = Rule(
    name="values_in_range",
    label=Label(zh="数值均在规定范围内（超出范围的数值数）", en="Values lie within their ranges (values that do not)"),
    judged="""
        with delivered as (
            select c.entity_code, c.field, c.number, c.text, c.file, c.sheet, c.cell
            from intake.cells as c
            join framework.datasets as d on d.source = c.source and d.dataset = c.dataset and d.layout in ('form', 'places')
            where c.is_counted and c.state = 'reported'
        ),
        corrections as (
            select
                c.entity_code,
                any_value(coalesce(c.code, c.text)) filter (where c.field = 'input') as field,
                any_value(c.number) filter (where c.field = 'value') as number,
                any_value(c.text) filter (where c.field = 'value') as text,
                any_value(c.file) filter (where c.field = 'value') as file,
                any_value(c.sheet) filter (where c.field = 'value') as sheet,
                any_value(c.cell) filter (where c.field = 'value') as cell
            from intake.cells as c
            join framework.datasets as d on d.source = c.source and d.dataset = c.dataset and d.kind = 'correction'
            where c.is_counted
            group by c.load_id, c.dataset, c.record_no, c.entity_code
            having any_value(c.code) filter (where c.field = 'decision') is distinct from 'refused'
        ),
        effective as (
            select d.* from delivered as d anti join corrections as c on c.entity_code = d.entity_code and c.field = d.field
            union all
            from corrections
        ),
        limits as (select entity_code, field, max(number) as number from effective group by all),
        limited as (
            select
                v.*, i.label_zh, i.label_en, i.minimum, coalesce(i.maximum, o.number) as maximum,
                coalesce(' (' || i.maximum_input || ')', '') as by_input
            from effective as v
            left join framework.inputs as i on i.input_code = v.field
            left join limits as o on o.entity_code = v.entity_code and o.field = i.maximum_input
            union all
            select
                c.entity_code, c.field, c.number, if(f.is_personal, null, c.text), c.file, c.sheet, c.cell,
                null, null, f.minimum, f.maximum, ''
            from intake.cells as c
            join gate.fields as f on f.source = c.source and f.dataset = c.dataset and f.field = c.field
            join framework.datasets as d on d.source = c.source and d.dataset = c.dataset and d.layout = 'records'
            where c.is_counted and c.state = 'reported' and coalesce(f.minimum, f.maximum) is not null
        )
        select
            entity_code, field as item, file, sheet, cell, text as value, number, minimum, maximum,
            concat_ws(
                '，', label_zh, '应不小于 ' || format('{:.10g}', minimum), '应不大于 ' || format('{:.10g}', maximum) || by_input
            ) as expected_zh,
            concat_ws(
                ', ', label_en, 'at least ' || format('{:.10g}', minimum), 'at most ' || format('{:.10g}', maximum) || by_input
            ) as expected_en
        from limited
    """,
    failing="number is null or not isfinite(number) or number < minimum or number > maximum",
    check=NoRows(),
    fault=Label(
        zh="{count} 个数值超出规定范围或不是数字：{examples}；请核对原件，由报送单位重报或由办公室更正。",
        en="{count} values lie outside their ranges or are no numbers: {examples}; check the originals, "
        "then have them delivered anew or corrected.",
    ),
)

_KEYS_UNIQUE = Rule(
    name="keys_unique",
    label=Label(zh="计入的数据没有重复（重复的单元格数）", en="What counts is there once (cells that are there twice)"),
    judged="""
        with keys as (select source, dataset, unnest(key) as field, unnest(range(len(key))) as position from framework.datasets),
        valued as (
            select
                c.load_id, c.dataset, c.record_no, k.position, if(f.is_personal, null, c.text) as shown,
                coalesce(c.code, cast(c.number as varchar), cast(c.day as varchar), cast(c.moment as varchar), c.text) as value
            from intake.cells as c
            join keys as k on k.source = c.source and k.dataset = c.dataset and k.field = c.field
            left join gate.fields as f on f.source = c.source and f.dataset = c.dataset and f.field = c.field
            where c.is_counted
        ),
        records as (
            select
                load_id, dataset, record_no,
                list(value order by position) as record_key, string_agg(shown, ' · ' order by position) as shown
            from valued group by load_id, dataset, record_no
        ),
        keyed as (
            select
                c.entity_code, c.dataset, c.field, c.file, c.sheet, c.cell, r.shown,
                cast(to_json([[c.source, c.dataset, c.entity_code, c.field], r.record_key]) as varchar) as key
            from intake.cells as c
            left join records as r on r.load_id = c.load_id and r.dataset = c.dataset and r.record_no = c.record_no
            where c.is_counted
        )
        select
            key, count(*) over (partition by key) as copies,
            entity_code, concat_ws(' · ', dataset, field) as item, file, sheet, cell, shown as value,
            '同一对象、同一数据只应计入一次' as expected_zh, 'once for an entity and key' as expected_en
        from keyed
    """,
    failing="copies > 1",
    check=Unique("key"),
    guards=(RowCount(), NotNull("key")),
    fault=Label(
        zh="{count} 个计入的单元格重复：{examples}；请撤回多余的报送。",
        en="{count} counted cells are there more than once: {examples}; withdraw the delivery that is too much.",
    ),
)

_WITHIN_PERIOD = Rule(
    name="within_period",
    label=Label(zh="日期均在评价期内（不在期内的日期数）", en="Dates lie within the period (dates that do not)"),
    judged="""
        with records as (
            select source, dataset, load_id, record_no, entity_code, min(file) as file from intake.cells where is_counted group by all
        ),
        dated as (
            select
                r.entity_code, r.dataset, f.field, coalesce(c.file, r.file) as file, c.sheet, c.cell, c.text as value, c.day, c.moment
            from records as r
            join gate.fields as f on f.source = r.source and f.dataset = r.dataset and f.is_within_period
            left join intake.cells as c
                on c.is_counted and c.load_id = r.load_id and c.dataset = r.dataset and c.record_no = r.record_no and c.field = f.field
            union all
            select
                i.entity_code, f.dataset, f.field, i.file, null, concat('行 ', i.line_no), cast(i.published_at as varchar),
                null, i.published_at
            from intake.opinion_items as i
            join framework.datasets as d on d.layout = 'items'
            join gate.fields as f on f.source = d.source and f.dataset = d.dataset and f.is_within_period
            where i.is_counted
        )
        select
            d.entity_code, concat_ws(' · ', d.dataset, d.field) as item, d.file, d.sheet, d.cell, d.value, e.period_from, e.period_to,
            coalesce(d.day, cast(timezone(e.time_zone, cast(d.moment as timestamptz)) as date)) as day,
            format('应在 {} 至 {} 之间', e.period_from, e.period_to) as expected_zh,
            format('from {} to {}', e.period_from, e.period_to) as expected_en
        from dated as d cross join framework.edition as e
    """,
    failing="day is null or day not between period_from and period_to",
    check=NoRows(),
    fault=Label(
        zh="{count} 个日期缺失或不在评价期内：{examples}；请核对日期，期外的不应报送。",
        en="{count} dates are missing or outside the period: {examples}; check them, what lies outside should not be delivered.",
    ),
    not_applicable=(
        """
        select count(*) = 0 or (
            select count(*)
            from intake.deliveries as d join gate.fields as f on f.source = d.source and f.dataset = d.dataset
            where d.state = 'taken' and f.is_within_period
        ) = 0
        from gate.fields where is_within_period
        """,
        Label(zh="没有报送须在评价期内的日期", en="no date that must lie within the period was delivered"),
    ),
)

_NO_CONFLICTS = Rule(
    name="no_conflicts",
    label=Label(zh="没有互相矛盾的报送（搁置的记录数）", en="No deliveries contradict each other (records held back)"),
    judged="""
        select
            any_value(c.entity_code) as entity_code, c.dataset as item,
            min(c.file) as file, arg_min(c.sheet, c.cell) as sheet, min(c.cell) as cell,
            left(string_agg(if(f.is_personal, null, c.text), ' · ' order by c.field), 80) as value,
            coalesce(bool_or(c.not_counted_because = 'conflict'), false) as is_conflict,
            '同一时间的两份报送内容应一致' as expected_zh, 'two deliveries of one moment that say the same' as expected_en
        from intake.cells as c
        left join gate.fields as f on f.source = c.source and f.dataset = c.dataset and f.field = c.field
        group by c.source, c.dataset, c.load_id, c.record_no
    """,
    failing="is_conflict",
    check=NoRows(),
    fault=Label(
        zh="{count} 条记录因同一时间的报送互相矛盾而搁置：{examples}；请报送单位确认哪份有效，并撤回另一份。",
        en="{count} records are held back because deliveries of one moment contradict each other: {examples}; "
        "have the sender say which one holds, and withdraw the other.",
    ),
)

RULES: tuple[Rule, ...] = (
    _DATASETS_DELIVERED,
    _EVERY_ENTITY_DELIVERED,
    _DATASET_COVERAGE,
    _REJECT_SHARE,
    _VALUES_IN_RANGE,
    _KEYS_UNIQUE,
    _WITHIN_PERIOD,
    _NO_CONFLICTS,
    ROWS_AGAINST_PREVIOUS,
)

-- One row: an appeal of a place, with the value that counts in this release and what was decided. No names. Whether an appeal, or the
-- decision on it, contests what records come to is told here: intake does not know that.
with
    made as (
        select aggregates.entity_code, aggregates.input_code, aggregates.value
        from {{ ref("aggregates") }} as aggregates
        inner join {{ ref("stg_framework__inputs") }} as inputs using (input_code)
        where inputs.aggregate_method is not null
    ),
    appeals as (
        select
            appeals.* exclude (state),
            coalesce(corrections.state = 'contests_other', false) as is_void,
            if(
                appeals.state in ('open', 'decided')
                and abs(appeals.contested_value - made.value) > 1e-9 * greatest(1, abs(made.value))
                and coalesce(abs(appeals.contested_value - corrections.value) > 1e-9 * greatest(1, abs(corrections.value)), true),
                'contests_other',
                appeals.state
            ) as state
        from {{ ref("stg_intake__appeals") }} as appeals
        left join made on appeals.entity_code = made.entity_code and appeals.subject = made.input_code and appeals.subject_kind = 'input'
        left join
            {{ ref("corrections") }} as corrections
            on appeals.entity_code = corrections.entity_code
            and appeals.decided_input = corrections.input_code
            and appeals.decision_load_id = corrections.load_id
            and appeals.decision_record_no = corrections.record_no
    ),
    answered as (select *, state = 'decided' and not is_void as is_answered from appeals),
    counted as (
        select
            'input' as subject_kind,
            inputs.entity_code,
            inputs.input_code as subject,
            rules.label_zh,
            rules.label_en,
            inputs.value,
            rules.unit
        from {{ ref("inputs") }} as inputs
        inner join {{ ref("stg_framework__inputs") }} as rules using (input_code)
        union all
        select
            'measure' as subject_kind,
            measures.entity_code,
            measures.measure_code as subject,
            rules.label_zh,
            rules.label_en,
            measures.value,
            rules.unit
        from {{ ref("measures") }} as measures
        inner join {{ ref("stg_framework__measures") }} as rules using (measure_code)
        union all
        select
            'indicator' as subject_kind,
            scores.entity_code,
            scores.indicator_code as subject,
            rules.name_zh as label_zh,
            rules.name_en as label_en,
            cast(scores.score as double) as value,
            'points' as unit
        from {{ ref("indicator_scores") }} as scores
        inner join {{ ref("stg_framework__indicators") }} as rules using (indicator_code)
    )
select
    answered.edition,
    {{ release_code() }} as release,
    answered.entity_code,
    answered.subject_kind,
    answered.subject as subject_code,
    counted.label_zh,
    counted.label_en,
    answered.contested_value,
    answered.claimed_value,
    counted.value as value_counted,
    counted.unit,
    answered.claim,
    answered.evidence,
    answered.sent_at,
    case when answered.state = 'decided' and answered.is_void then 'open' else answered.state end as state,
    if(answered.is_answered, answered.decision, null) as decision,
    if(answered.is_answered, answered.decided_input, null) as decided_code,
    if(answered.is_answered, answered.decided_value, null) as decided_value,
    if(answered.is_answered, answered.decision_reason, null) as decision_reason,
    if(answered.is_answered, answered.decided_by, null) as decided_by,
    if(
        answered.is_answered,
        coalesce(answered.decided_on, cast(timezone(edition.time_zone, timezone('UTC', answered.decision_sent_at)) as date)),
        null
    ) as decided_on,
    if(answered.is_answered, answered.decision_load_id, null) as decision_load_id,
    if(answered.is_answered, answered.decision_sheet, null) as decision_sheet,
    if(answered.is_answered, answered.decision_cell, null) as decision_cell,
    answered.load_id,
    answered.record_no,
    answered.file,
    answered.sheet,
    answered.cell
from answered
cross join {{ ref("stg_framework__edition") }} as edition
left join
    counted
    on answered.subject_kind = counted.subject_kind
    and answered.entity_code = counted.entity_code
    and answered.subject = counted.subject
order by answered.entity_code, answered.subject, answered.sent_at, answered.load_id, answered.record_no

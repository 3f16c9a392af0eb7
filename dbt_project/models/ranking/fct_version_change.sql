-- One row: a field in which a version of a record says something else than the version before it.
select
    edition,
    {{ release_code() }} as release,
    source,
    dataset,
    entity_code,
    field,
    old_load_id,
    old_sent_at,
    old_record_no,
    old_sheet,
    old_cell,
    old_text,
    old_value,
    new_load_id,
    new_sent_at,
    new_record_no,
    new_sheet,
    new_cell,
    new_text,
    new_value,
    state
from {{ ref("stg_intake__versions") }}
order by all

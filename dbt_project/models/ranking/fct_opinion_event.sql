-- One row: a negative event of an entity.
select
    {{ edition_code() }} as edition,
    {{ release_code() }} as release,
    event_id,
    entity_code,
    category,
    first_at,
    last_at,
    items,
    outlets,
    severity,
    state,
    answered_at,
    is_answered_in_time,
    deduction
from {{ ref("opinion_events") }}
order by entity_code, first_at, event_id

-- One row: a delivered row, cell or file that was not taken. What contests the value of an input made of records is told here: intake
-- does not know what records come to.
select
    edition,
    {{ release_code() }} as release,
    source,
    dataset,
    load_id,
    file,
    sheet,
    cell,
    value,
    rule,
    message_zh,
    message_en,
    entity_code,
    field
from {{ ref("stg_intake__rejects") }}
union all
select
    {{ edition_code() }} as edition,
    {{ release_code() }} as release,
    source,
    dataset,
    load_id,
    file,
    sheet,
    contested_cell as cell,
    left(contested_text, 80) as value,
    'contests_other' as rule,
    format(
        '争议的数值是{}，而计入的是{}，未予采用，请按计入的数值重新提出。', left(contested_text, 80), coalesce({{ shown_number("value_delivered") }}, '未报送')
    ) as message_zh,
    format(
        'You contest {}, what counts is {}, so this does not count; name the value that counts and deliver it again.',
        left(contested_text, 80),
        coalesce({{ shown_number("value_delivered") }}, 'that nothing was delivered')
    ) as message_en,
    entity_code,
    'contested_value' as field
from {{ ref("corrections") }}
where state = 'contests_other'
order by all

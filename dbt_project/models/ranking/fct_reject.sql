-- One row: a delivered row, cell or file that was not taken.
select edition, {{ release_code() }} as release, source, dataset, load_id, file, sheet, cell, value, rule, message_zh, message_en
from {{ ref("stg_intake__rejects") }}
order by all

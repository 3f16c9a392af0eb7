-- One row: entity × input × delivered cell that it rests on.
select
    {{ edition_code() }} as edition, {{ release_code() }} as release, entity_code, input_code, load_id, file, sheet, cell, text, value, role
from {{ ref("input_cells") }}
order by entity_code, input_code, role, load_id, sheet, cell

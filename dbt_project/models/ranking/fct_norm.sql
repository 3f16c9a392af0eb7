-- One row: a measure or indicator × reference set in which its values were compared.
select {{ edition_code() }} as edition, {{ release_code() }} as release, * from {{ ref("norm_sets") }} order by node_code, set_code

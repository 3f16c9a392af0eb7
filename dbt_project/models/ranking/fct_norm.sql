-- One row: a measure or indicator × reference set in which its values were compared.
select edition, {{ release_code() }} as release, * exclude (edition) from {{ ref("norm_sets") }} order by node_code, set_code

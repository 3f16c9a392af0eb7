{% test unique_key(model, columns) %}
    -- Fails with each key that stands in more than one row. A missing part is as good as a value (a file without sheets has no sheet):
    -- that a part is never missing is the column's own not_null.
    select {{ columns | join(", ") }}, count(*) as rows_with_it from {{ model }} group by {{ columns | join(", ") }} having count(*) > 1
{% endtest %}

{% test unique_key(model, columns) %}
    -- Fails with each key that stands in more than one row, or with a part missing where the key has none.
    select {{ columns | join(", ") }}, count(*) as rows_with_it from {{ model }} group by {{ columns | join(", ") }} having count(*) > 1
{% endtest %}

{% macro duckdb__persist_docs(relation, model, for_relation, for_columns) %}
    {#-
      The words of a relation and of its columns, as comments on it: one statement a model. dbt-duckdb first asks for the relation's
      columns, twice. Here a column that is described and is not there fails the model.
    #}
    {% set comments = [] %}
    {% if for_relation and config.persist_relation_docs() and model.description %}
        {% do comments.append(alter_relation_comment(relation, model.description)) %}
    {% endif %}
    {% if for_columns and config.persist_column_docs() %}
        {% for name, column in model.columns.items() %}
            {% set quoted = adapter.quote(name) if column.quote else name %}
            {% do comments.append(
                "comment on column " ~ relation ~ "." ~ quoted ~ " is " ~ duckdb_escape_comment(column.description) ~ ";"
            ) %}
        {% endfor %}
    {% endif %}
    {% if comments %} {% do run_query(comments | join("\n")) %} {% endif %}
{% endmacro %}

{% test of_this_run(model) %}
    -- Fails where the stage folder holds another edition than the one that the run was told to build, or none.
    select edition
    from (select max(edition) as edition, count(*) as editions from {{ model }})
    where editions <> 1 or edition <> {{ edition_code() }}
{% endtest %}

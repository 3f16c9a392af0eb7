{% macro parts_in_use() -%}
    {#-
      The parts of the method that the framework uses, as words: records (inputs made of records or of events), events (of public opinion),
      corrections, confirmation (inputs verified by tests), screen (of entities by what was delivered). SQL is written for these alone; while the project is only parsed, for all.
    #}
    {%- set inputs = ref("stg_framework__inputs") -%}
    {%- set rows = rows_of(
        "select 'records' as word from "
        ~ inputs
        ~ " where aggregate_method is not null union select 'confirmation' from "
        ~ inputs
        ~ " where verify_indicator is not null union select 'corrections' from "
        ~ ref("stg_framework__datasets")
        ~ " where kind = 'correction' union select 'events' from "
        ~ ref("stg_framework__opinion_settings")
        ~ " union select 'screen' from "
        ~ ref("stg_framework__screens")
        ~ " union select 'screen' from "
        ~ ref("stg_framework__edition")
        ~ " where coalesce(screen_measures, screen_points, screen_nonzero) is not null"
    ) -%}
    {{ return(rows | map(attribute="word") | list if execute else ["records", "confirmation", "corrections", "events", "screen"]) }}
{%- endmacro %}

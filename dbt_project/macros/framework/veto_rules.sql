{% macro veto_rules() -%}
    {#- The vetoes with their conditions: veto_code, when_sql. #}
    {{ return(rows_of("select veto_code, when_sql from " ~ ref("stg_framework__vetoes") ~ " order by position, veto_code")) }}
{%- endmacro %}

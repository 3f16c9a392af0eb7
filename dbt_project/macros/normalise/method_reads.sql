{% macro method_reads(method) -%}
    {#- The statistics of a reference set that the SQL of a method reads: of its rule's columns, or as the quoted names of a formula. #}
    {%- set sql = context["normalise_" ~ method]("rule.value", "rule") -%}
    {%- if context.get("no_information_" ~ method) -%} {%- set sql = sql ~ context["no_information_" ~ method]("rule") -%} {%- endif -%}
    {%- set words = [] -%}
    {%- for word in ["entities", "n", "lowest", "highest", "mean", "sd", "median", "place", "reference_x"] -%}
        {%- if modules.re.search("rule\\." ~ word ~ '\\b|"' ~ word ~ '"', sql) -%} {%- do words.append(word) -%} {%- endif -%}
    {%- endfor -%}
    {{ return(words) }}
{%- endmacro %}

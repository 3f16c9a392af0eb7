{% macro placing_methods() -%}
    {#- The methods that read a value's place in its set. #}
    {{ return(["percentile_rank", "rank", "borda", "exponential", "normal_score", "formula"]) }}
{%- endmacro %}

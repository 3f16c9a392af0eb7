{% macro method_needs(methods) -%}
    {#- What the methods in use need to know of a reference set: set (anything), moments (mean, sd, median), place, reference (an entity's x). #}
    {%- set moments = ["z_score", "formula"] -%}
    {%- set places = placing_methods() -%}
    {%- set extremes = ["min_max", "distance_to_target", "distance_to_reference", "fraction_of_best"] -%}
    {{
        return(
            {
                "set": (moments + places + extremes) | select("in", methods) | list | length > 0,
                "moments": moments | select("in", methods) | list | length > 0,
                "place": places | select("in", methods) | list | length > 0,
                "reference": "distance_to_reference" in methods,
            }
        )
    }}
{%- endmacro %}

{% macro method_needs(methods) -%}
    {#-
      What the methods in use need to know of a reference set, as their SQL says: set (anything), moments (mean, sd or median), place,
      reference (a reference entity's x); and `placing`, the methods that read a place.
    #}
    {%- set read = [] -%}
    {%- set placing = [] -%}
    {%- for method in methods -%}
        {%- set words = method_reads(method) -%}
        {%- do read.extend(words) -%}
        {%- if "place" in words -%} {%- do placing.append(method) -%} {%- endif -%}
    {%- endfor -%}
    {{
        return(
            {
                "set": read | length > 0,
                "moments": "mean" in read or "sd" in read or "median" in read,
                "place": placing | length > 0,
                "placing": placing,
                "reference": "reference_x" in read,
            }
        )
    }}
{%- endmacro %}

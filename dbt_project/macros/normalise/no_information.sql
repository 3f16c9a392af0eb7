{% macro no_information(rule, methods, needs) -%}
    {#-
      Whether the node's set tells its members nothing apart, so that its share goes to its siblings: what no_information_<method> says of a
      set with a member; and a value that is in no set, or whose set has no member (a frozen one without norms).
    -#}
    {%- set judging = [] -%}
    {%- for method in methods if context.get("no_information_" ~ method) -%} {%- do judging.append(method) -%} {%- endfor -%}
    {%- if not needs.set -%} false
    {%- else -%}
        coalesce(
            case
                when {{ rule }}.within is null
                then false
                when {{ rule }}.entities is null
                then {{ rule }}.value is not null
                {%- for method in judging %}
                    when {{ rule }}.normalise_method = '{{ method }}' then {{ context["no_information_" ~ method](rule) }}
                {%- endfor %}
            end,
            false
        )
    {%- endif -%}
{%- endmacro %}

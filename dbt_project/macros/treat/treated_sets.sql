{% macro treated_sets(rules, methods) -%}
    {#-
      Each set of `rules` (numbers, and what treat_step reads) after its step. A set for which a value of it has no finite result, or that
      would have no two different values any more, is left out.
    -#}
    select *
    from
        (
            select measure_code, set_code, list_transform(numbers, lambda number:{{ treat_step("number", "rules", methods) }}) as numbers
            from {{ rules }} as rules
        )
    where len(list_filter(numbers, lambda number:isfinite(number))) = len(numbers) and list_min(numbers) < list_max(numbers)
{%- endmacro %}

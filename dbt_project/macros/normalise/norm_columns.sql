{% macro norm_columns() -%}
    {#- The columns of a rule of normalising, as the framework tables of measures and of indicators both have them. -#}
    normalise_method,
    worst,
    best,
    goalpost_scale,
    target,
    floor,
    else_value,
    within,
    range_low,
    range_high,
    is_capped,
    reference_entity,
    output_mean,
    output_sd,
    sd_kind,
    ties,
    strength,
    place_offset,
    formula_sql,
    decimals
{%- endmacro %}

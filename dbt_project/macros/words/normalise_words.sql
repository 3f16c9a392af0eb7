{% macro normalise_words(rule, bands, language) -%}
    {#-
      How a value is brought onto its scale, as a reader follows it with a calculator, in `zh` or `en`; null: it is not. What is lowest and
      highest are values of the set, not their opposites; `bands` is the list of the node's bands or categories.
    -#}
    {%- set shown = {} -%}
    {%- for column in [
        "worst",
        "best",
        "target",
        "floor",
        "else_value",
        "output_sd",
        "strength",
        "place_offset",
        "range_low",
        "range_high",
        "decimals",
    ] -%}
        {%- do shown.update({column: shown_number(rule ~ "." ~ column)}) -%}
    {%- endfor -%}
    {%- set parts = spoken(language, normalise_parts_zh(rule, bands, shown), normalise_parts_en(rule, bands, shown)) -%}
    if(
        {{ rule }}.normalise_method is null,
        null,
        concat(
            {{ worded(rule ~ ".normalise_method", parts.ways) }},
            if({{ rule }}.ties is null, '', concat({{ parts.first }}, {{ worded(rule ~ ".ties", parts.ties) }})),
            if({{ rule }}.ties is not null and {{ rule }}.within = 'frozen', {{ parts.frozen }}, ''),
            if({{ rule }}.within is null, '', concat({{ parts.and }}, {{ set_words(rule ~ ".within", language) }})),
            if({{ rule }}.range_low <> 0 or {{ rule }}.range_high <> 1, {{ parts.range }}, ''),
            if({{ rule }}.decimals is null, '', {{ parts.decimals }})
        )
    )
{%- endmacro %}

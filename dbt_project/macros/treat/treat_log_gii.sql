{% macro treat_log_gii(value, rule) -%}
    {#-
      ln((highest − 1)(value − lowest) ÷ (highest − lowest) + 1) of the set, as the Global Innovation Index means it. Null where highest is 1 or
      less: the order would turn round.
    -#}
    if(
        {{ rule }}.highest > 1,
        {{ ln_or_null("(" ~ rule ~ ".highest - 1) * (" ~ value ~ " - " ~ rule ~ ".lowest) / (" ~ rule ~ ".highest - " ~ rule ~ ".lowest) + 1") }},
        null
    )
{%- endmacro %}

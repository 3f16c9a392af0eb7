{% macro tree_uses() -%}
    {#-
      What the tree uses beyond points and means, as words: spread (a dropped node's points are shared evenly), beside (bonuses or deductions
      stand beside the scale), rounded (each lowest indicator's score is), normalise_<level> (nodes of this level are normalised). SQL is written for these alone.
    -#}
    {%- set indicators = ref("stg_framework__indicators") -%}
    {{
        return(
            rows_of(
                "select 'spread' as word from "
                ~ indicators
                ~ " where missing_policy = 'spread' union select 'spread' from "
                ~ ref("stg_framework__edition")
                ~ " where not_applicable = 'spread' union select 'rounded' from "
                ~ ref("stg_framework__edition")
                ~ " where round_at = 'lowest_indicator' union select 'beside' from "
                ~ indicators
                ~ " where kind <> 'part' union select 'normalise_' || level from "
                ~ indicators
                ~ " where normalise_method is not null order by word"
            )
            | map(attribute="word")
            | list
        )
    }}
{%- endmacro %}

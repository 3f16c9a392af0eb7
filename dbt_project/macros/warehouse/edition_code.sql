{% macro edition_code() -%}
    {#- The edition's code as a SQL literal; refused where it is no code, for it reaches SQL as text. #}
    {%- set code = var("edition") | string -%}
    {%- if not modules.re.fullmatch("[a-z0-9][a-z0-9_-]{0,63}", code) -%}
        {{
            exceptions.raise_compiler_error(
                "The variable edition is no code: " ~ code ~ ". Pass it as --vars '{edition: jiangsu-2020}'."
            )
        }}
    {%- endif -%}
    '{{ code }}'
{%- endmacro %}

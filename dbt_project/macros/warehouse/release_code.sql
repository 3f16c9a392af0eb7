{% macro release_code() -%}
    {#- The release's id as a SQL literal; refused where it is no hexadecimal number, for it reaches SQL as text. #}
    {%- set code = var("release") | string -%}
    {%- if not modules.re.fullmatch("[0-9a-f]{1,64}", code) -%}
        {{
            exceptions.raise_compiler_error(
                "The variable release is no release id: " ~ code ~ ". Pass it as --vars '{release: \"0123456789ab\"}'."
            )
        }}
    {%- endif -%}
    '{{ code }}'
{%- endmacro %}

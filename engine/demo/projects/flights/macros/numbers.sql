{# The source files write a missing value as NA. #}
{% macro whole(column) -%}
    cast(nullif({{ column }}, 'NA') as integer)
{%- endmacro %}

{% macro decimal(column) -%}
    cast(nullif({{ column }}, 'NA') as double)
{%- endmacro %}

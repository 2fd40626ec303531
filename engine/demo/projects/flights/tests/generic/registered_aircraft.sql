{# The value, where there is one, is a tail number in the register. #}
{% test registered_aircraft(model, column_name) %}
    select checked.{{ column_name }}
    from {{ model }} as checked
    anti join {{ ref('stg_planes') }} as planes on checked.{{ column_name }} = planes.tail_number
    where checked.{{ column_name }} is not null
{% endtest %}

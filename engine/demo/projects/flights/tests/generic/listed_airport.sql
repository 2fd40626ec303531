{# The value is the code of an airport in the airport list. #}
{% test listed_airport(model, column_name) %}
    select checked.{{ column_name }}
    from {{ model }} as checked
    anti join {{ ref('stg_airports') }} as airports on checked.{{ column_name }} = airports.airport_code
{% endtest %}

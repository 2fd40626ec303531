{# The value is the code of a carrier. #}
{% test known_carrier(model, column_name) %}
    select checked.{{ column_name }}
    from {{ model }} as checked
    anti join {{ ref('stg_airlines') }} as airlines on checked.{{ column_name }} = airlines.carrier_code
{% endtest %}

{# The value is one of the three airports of New York City. #}
{% test new_york_airport(model, column_name) %}
    select {{ column_name }}
    from {{ model }}
    where {{ column_name }} is null or {{ column_name }} not in ('EWR', 'JFK', 'LGA')
{% endtest %}

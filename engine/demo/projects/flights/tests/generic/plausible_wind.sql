{# Wind in miles an hour: not negative, and below the strongest hurricane's. #}
{% test plausible_wind(model, column_name) %}
    select {{ column_name }}
    from {{ model }}
    where {{ column_name }} not between 0 and 200
{% endtest %}

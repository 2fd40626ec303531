{# Haversine distance on a sphere of 3,958.8 miles; latitudes and longitudes in degrees. #}
{% macro great_circle_miles(from_latitude, from_longitude, to_latitude, to_longitude) -%}
    2 * 3958.8 * asin(sqrt(
        pow(sin(radians({{ to_latitude }} - {{ from_latitude }}) / 2), 2)
        + cos(radians({{ from_latitude }})) * cos(radians({{ to_latitude }}))
        * pow(sin(radians({{ to_longitude }} - {{ from_longitude }}) / 2), 2)
    ))
{%- endmacro %}

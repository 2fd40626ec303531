select
    flights.flight_key,
    weather.observed_at,
    flights.scheduled_departure_at - weather.observed_at as observation_age,
    weather.temperature_f,
    weather.wind_mph,
    weather.rain_inches,
    weather.visibility_miles,
    case
        when weather.visibility_miles < 1 then 'fog'
        when weather.temperature_f <= 32 and weather.rain_inches > 0 then 'snow or ice'
        when weather.rain_inches >= 0.1 then 'heavy rain'
        when weather.rain_inches > 0 then 'rain'
        when weather.wind_mph between 25 and 150 then 'wind'
        else 'fair'
    end as conditions
from {{ ref('stg_flights') }} as flights
asof left join {{ ref('stg_weather') }} as weather
    on flights.origin = weather.airport_code and flights.scheduled_departure_at >= weather.observed_at

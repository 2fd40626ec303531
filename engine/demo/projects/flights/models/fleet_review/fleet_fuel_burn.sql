select
    flights.flight_date,
    flights.carrier_code,
    speeds.tail_number,
    speeds.model,
    speeds.seats,
    flights.distance_miles,
    flights.air_minutes,
    60.0 * flights.distance_miles / speeds.cruise_speed_mph as planned_minutes
from {{ ref('fleet_cruise_speeds') }} as speeds
join {{ ref('stg_flights') }} as flights using (tail_number)
where flights.air_minutes is not null

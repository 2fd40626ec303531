{{ config(materialized='incremental', incremental_strategy='delete+insert', unique_key='flight_date') }}

select
    flights.flight_key,
    flights.flight_date,
    flights.scheduled_departure_at,
    flights.carrier_code,
    flights.origin,
    flights.destination,
    flights.tail_number,
    flights.distance_miles,
    flights.air_minutes,
    punctuality.outcome,
    punctuality.delay_band,
    punctuality.departure_delay,
    punctuality.arrival_delay,
    coalesce(rotations.inherited_delay, 0) as inherited_delay,
    congestion.departures_within_30_minutes,
    congestion.delay_in_hour_before,
    weather.conditions
from {{ ref('stg_flights') }} as flights
join {{ ref('int_flight_punctuality') }} as punctuality using (flight_key)
join {{ ref('int_airport_congestion') }} as congestion using (flight_key)
join {{ ref('int_flight_weather') }} as weather using (flight_key)
left join {{ ref('int_aircraft_rotations') }} as rotations using (flight_key)
{% if is_incremental() %}
-- Carriers correct their reports for three days.
where flights.flight_date > (select max(flight_date) - 3 from {{ this }})
{% endif %}

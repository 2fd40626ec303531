-- The other carriers' departures to the same place within two hours, from any of the three airports.
select
    flights.flight_key,
    count(rivals.flight_key) as rival_departures,
    count(distinct rivals.carrier_code) as rival_carriers,
    min(abs(date_diff('minute', flights.scheduled_departure_at, rivals.scheduled_departure_at))) as nearest_rival_minutes,
    avg(rivals.departure_delay) as rivals_departure_delay
from {{ ref('stg_flights') }} as flights
left join {{ ref('stg_flights') }} as rivals
    on flights.destination = rivals.destination
    and flights.flight_date = rivals.flight_date
    and flights.carrier_code <> rivals.carrier_code
    and rivals.scheduled_departure_at between flights.scheduled_departure_at - interval 2 hours
        and flights.scheduled_departure_at + interval 2 hours
group by flights.flight_key

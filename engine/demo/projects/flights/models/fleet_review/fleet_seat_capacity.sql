select
    flights.flight_key,
    flights.flight_date,
    flights.carrier_code,
    flights.tail_number,
    planes.seats
from {{ ref('stg_flights') }} as flights
left join {{ ref('stg_planes') }} as planes using (tail_number)
where flights.departure_delay is not null

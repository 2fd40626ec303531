select
    airlines.carrier_code,
    airlines.carrier_name,
    min(flights.flight_date) as first_flight_on,
    max(flights.flight_date) as last_flight_on,
    count(distinct flights.destination) as destinations
from {{ ref('stg_airlines') }} as airlines
join {{ ref('stg_flights') }} as flights using (carrier_code)
group by all

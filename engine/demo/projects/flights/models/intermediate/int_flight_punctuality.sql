select
    flights.flight_key,
    flights.flight_date,
    flights.carrier_code,
    flights.origin,
    flights.destination,
    flights.departure_delay,
    flights.arrival_delay,
    case
        when flights.departure_delay is null then 'cancelled'
        when flights.arrival_delay is null then 'diverted'
        else 'flown'
    end as outcome,
    bands.label as delay_band,
    flights.departure_delay - flights.arrival_delay as minutes_made_up
from {{ ref('stg_flights') }} as flights
left join {{ ref('delay_bands') }} as bands
    on flights.departure_delay >= bands.from_minutes and flights.departure_delay < bands.to_minutes

-- How busy the runways were around each departure, and how late the flights of the hour before it.
select
    flight_key,
    origin,
    scheduled_departure_at,
    count(*) over (
        partition by origin order by scheduled_departure_at
        range between interval 30 minutes preceding and interval 30 minutes following
    ) as departures_within_30_minutes,
    avg(departure_delay) over (
        partition by origin order by scheduled_departure_at
        range between interval 1 hour preceding and interval 1 minute preceding
    ) as delay_in_hour_before,
    max(departure_delay) over (
        partition by origin order by scheduled_departure_at
        range between interval 3 hours preceding and interval 1 minute preceding
    ) as worst_delay_in_3_hours_before
from {{ ref('stg_flights') }}

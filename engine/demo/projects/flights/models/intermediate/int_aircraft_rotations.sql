-- What an aircraft did before each departure, and how much of its last delay it brought along.
with rotations as (
    select
        flight_key,
        tail_number,
        departed_at,
        departure_delay,
        lag(flight_key) over aircraft as previous_flight_key,
        lag(destination) over aircraft as previous_destination,
        lag(arrival_delay) over aircraft as previous_arrival_delay,
        departed_at - lag(departed_at) over aircraft as since_previous_departure,
        row_number() over aircraft as rotation_number,
        sum(air_minutes) over (aircraft rows between unbounded preceding and current row) / 60.0 as air_hours_so_far
    from {{ ref('int_flown_flights') }}
    where tail_number is not null
    window aircraft as (partition by tail_number order by departed_at, flight_key)
)

select
    *,
    case
        when since_previous_departure < interval 18 hours
            then greatest(least(previous_arrival_delay, departure_delay), 0)
        else 0
    end as inherited_delay
from rotations

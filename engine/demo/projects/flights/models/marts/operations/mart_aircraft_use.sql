with daily as (
    select tail_number, flight_date, count(*) as departures, sum(air_minutes) as air_minutes
    from {{ ref('fct_flights') }}
    where tail_number is not null and outcome = 'flown'
    group by all
)

select
    daily.*,
    aircraft.manufacturer,
    aircraft.model,
    sum(daily.air_minutes) over (
        partition by daily.tail_number order by daily.flight_date
        range between interval 6 days preceding and current row
    ) as air_minutes_in_7_days
from daily
join {{ ref('dim_aircraft') }} as aircraft using (tail_number)

select
    origin,
    conditions,
    count(*) as flights,
    avg(departure_delay) as departure_delay,
    avg(case when outcome = 'cancelled' then 1 else 0 end) as cancelled_share,
    avg(departure_delay) - avg(avg(departure_delay)) filter (where conditions = 'fair') over (partition by origin)
        as delay_above_fair_weather
from {{ ref('fct_flights') }}
group by origin, conditions

select
    flights.origin,
    flights.destination,
    count(*) as flights,
    count(distinct flights.carrier_code) as carriers,
    any_value(flights.distance_miles) as distance_miles,
    round(any_value({{ great_circle_miles(
        'home.latitude', 'home.longitude', 'away.latitude', 'away.longitude'
    ) }})) as great_circle_miles,
    quantile_cont(flights.air_minutes, 0.5) as median_air_minutes,
    avg(competition.rival_departures) as rival_departures,
    rank() over (partition by flights.origin order by count(*) desc) as rank_at_origin
from {{ ref('stg_flights') }} as flights
join {{ ref('int_route_competition') }} as competition using (flight_key)
left join {{ ref('stg_airports') }} as home on flights.origin = home.airport_code
left join {{ ref('stg_airports') }} as away on flights.destination = away.airport_code
group by flights.origin, flights.destination

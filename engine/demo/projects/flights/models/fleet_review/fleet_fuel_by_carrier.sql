select
    carrier_code,
    date_trunc('month', flight_date) as month,
    sum(air_minutes - planned_minutes) as minutes_over_plan,
    sum(distance_miles * seats) as seat_miles
from {{ ref('fleet_fuel_burn') }}
group by all

{{ config(severity='warn') }}

-- More than an hour beyond what 200 mph would take: a report worth a second look.
select flight_key, distance_miles, air_minutes
from {{ ref('fct_flights') }}
where air_minutes > distance_miles / 200.0 * 60 + 60

{{ config(materialized='table') }}

with typed as (
    select
        make_date(cast(year as integer), cast(month as integer), cast(day as integer)) as flight_date,
        carrier as carrier_code,
        cast(flight as integer) as flight_number,
        nullif(tailnum, 'NA') as tail_number,
        origin,
        dest as destination,
        cast(time_hour as timestamp) + to_minutes(cast(minute as integer)) as scheduled_departure_at,
        cast(hour as integer) as scheduled_hour,
        {{ whole('dep_time') }} as departure_clock,
        {{ whole('dep_delay') }} as departure_delay,
        {{ whole('arr_time') }} as arrival_clock,
        {{ whole('arr_delay') }} as arrival_delay,
        {{ whole('air_time') }} as air_minutes,
        cast(distance as integer) as distance_miles
    from {{ source('nyc_flights', 'flights') }}
)

select
    concat_ws('-', carrier_code, flight_number, origin, strftime(flight_date, '%Y%m%d')) as flight_key,
    *,
    scheduled_departure_at + to_minutes(departure_delay) as departed_at
from typed

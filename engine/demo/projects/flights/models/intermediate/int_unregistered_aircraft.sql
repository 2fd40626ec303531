{{ config(materialized='view') }}

select
    flights.tail_number,
    any_value(flights.carrier_code) as carrier_code,
    count(*) as flights
from {{ ref('stg_flights') }} as flights
anti join {{ ref('stg_planes') }} as planes on flights.tail_number = planes.tail_number
where flights.tail_number is not null
group by flights.tail_number

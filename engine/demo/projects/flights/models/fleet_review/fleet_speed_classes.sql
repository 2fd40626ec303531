{{ config(materialized='view') }}

select
    manufacturer,
    model,
    cast(floor(cruise_speed_mph / 100) as integer) as speed_class,
    count(*) as aircraft
from {{ ref('fleet_cruise_speeds') }}
group by all

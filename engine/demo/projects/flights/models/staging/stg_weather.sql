{{ config(materialized='table') }}

select
    origin as airport_code,
    cast(time_hour as timestamp) as observed_at,
    {{ decimal('temp') }} as temperature_f,
    {{ decimal('humid') }} as humidity_percent,
    {{ decimal('wind_speed') }} as wind_mph,
    {{ decimal('wind_gust') }} as gust_mph,
    {{ decimal('precip') }} as rain_inches,
    {{ decimal('pressure') }} as pressure_hpa,
    {{ decimal('visib') }} as visibility_miles
from {{ source('nyc_flights', 'weather') }}

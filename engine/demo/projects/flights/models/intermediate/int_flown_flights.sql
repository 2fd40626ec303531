{{ config(materialized='ephemeral') }}

select *
from {{ ref('stg_flights') }}
where departure_delay is not null and arrival_delay is not null

{{ config(materialized='incremental', incremental_strategy='delete+insert', unique_key='flight_date') }}

select
    flight_date,
    origin,
    count(*) as scheduled,
    count(*) filter (where outcome = 'cancelled') as cancelled,
    count(*) filter (where delay_band in ('late', 'very late', 'severe')) as late,
    quantile_cont(departure_delay, 0.9) as departure_delay_p90,
    max(departures_within_30_minutes) as peak_departures_an_hour,
    mode(conditions) as usual_conditions
from {{ ref('fct_flights') }}
{% if is_incremental() %}
where flight_date > (select max(flight_date) - 3 from {{ this }})
{% endif %}
group by flight_date, origin

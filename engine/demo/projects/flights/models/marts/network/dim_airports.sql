with served as (
    select destination as airport_code, count(*) as flights, count(distinct carrier_code) as carriers
    from {{ ref('stg_flights') }}
    group by destination
)

select
    served.airport_code,
    airports.airport_name,
    airports.latitude,
    airports.longitude,
    airports.time_zone,
    served.flights,
    served.carriers,
    airports.airport_code is not null as is_listed
from served
left join {{ ref('stg_airports') }} as airports using (airport_code)

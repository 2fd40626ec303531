with flown as (
    select
        tail_number,
        count(*) as flights,
        max(air_hours_so_far) as air_hours,
        sum(inherited_delay) as inherited_delay_minutes
    from {{ ref('int_aircraft_rotations') }}
    group by tail_number
)

select
    flown.*,
    registry.manufacturer,
    registry.model,
    registry.seats,
    registry.engine_type,
    2013 - registry.year_built as age_years,
    registry.tail_number is not null as is_registered
from flown
left join {{ ref('aircraft_registry') }} as registry
    on flown.tail_number = registry.tail_number and registry.dbt_valid_to is null

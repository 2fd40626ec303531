select
    tailnum as tail_number,
    {{ whole('year') }} as year_built,
    type as aircraft_type,
    manufacturer,
    model,
    cast(engines as integer) as engines,
    cast(seats as integer) as seats,
    engine as engine_type
from {{ source('nyc_flights', 'planes') }}

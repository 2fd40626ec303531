-- Cruise speed as registered, for the fuel model. Reads the register itself: staging drops the column.
select
    tailnum as tail_number,
    manufacturer,
    model,
    cast(seats as integer) as seats,
    cast(speed as integer) as cruise_speed_mph
from {{ source('nyc_flights', 'planes') }}

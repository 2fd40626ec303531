select
    faa as airport_code,
    name as airport_name,
    {{ decimal('lat') }} as latitude,
    {{ decimal('lon') }} as longitude,
    {{ whole('alt') }} as altitude_feet,
    nullif(tzone, 'NA') as time_zone
from {{ source('nyc_flights', 'airports') }}

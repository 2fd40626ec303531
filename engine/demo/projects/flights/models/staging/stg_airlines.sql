select
    carrier as carrier_code,
    trim(regexp_replace(name, '\b(Inc|Co|Corporation)\b\.?', '', 'g')) as carrier_name
from {{ source('nyc_flights', 'airlines') }}

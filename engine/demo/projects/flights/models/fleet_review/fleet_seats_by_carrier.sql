select carrier_code, date_trunc('month', flight_date) as month, sum(seats) as seats_offered
from {{ ref('fleet_seat_capacity') }}
group by all

-- A flight has a delay band exactly when it left.
select flight_key, outcome, delay_band
from {{ ref('int_flight_punctuality') }}
where (outcome = 'cancelled') <> (delay_band is null)

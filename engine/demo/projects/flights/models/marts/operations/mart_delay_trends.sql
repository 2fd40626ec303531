-- Exact percentiles over the 28 days up to each flight, for the carrier at its airport and for the whole airport.
-- The heaviest query of the project.
with rolling as (
    select
        flight_date,
        carrier_code,
        origin,
        count(*) over carrier_weeks as flights,
        quantile_cont(arrival_delay, [0.5, 0.9, 0.99]) over carrier_weeks as carrier_arrival,
        quantile_cont(departure_delay, [0.5, 0.9, 0.99]) over carrier_weeks as carrier_departure,
        quantile_cont(departure_delay, [0.5, 0.9, 0.99]) over airport_weeks as airport_departure
    from {{ ref('fct_flights') }}
    window
        carrier_weeks as (
            partition by carrier_code, origin order by flight_date
            range between interval 27 days preceding and current row
        ),
        airport_weeks as (
            partition by origin order by flight_date
            range between interval 27 days preceding and current row
        )
)

select
    flight_date,
    carrier_code,
    origin,
    any_value(flights) as flights,
    any_value(carrier_arrival[1]) as arrival_delay_p50,
    any_value(carrier_arrival[2]) as arrival_delay_p90,
    any_value(carrier_arrival[3]) as arrival_delay_p99,
    any_value(carrier_departure[1]) as departure_delay_p50,
    any_value(carrier_departure[2]) as departure_delay_p90,
    any_value(carrier_departure[3]) as departure_delay_p99,
    any_value(carrier_departure[2] - airport_departure[2]) as departure_delay_p90_against_airport
from rolling
group by flight_date, carrier_code, origin

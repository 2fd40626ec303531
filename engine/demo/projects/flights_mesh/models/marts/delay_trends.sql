MODEL (
  name marts.delay_trends,
  kind FULL,
  cron '@weekly',
  grain (flight_date, origin),
  description 'Exact percentiles of departure delay over the 28 days up to each day. The heaviest query of the project.',
  audits (
    not_null(columns := (departure_delay_p50, departure_delay_p90)),
    unique_combination_of_columns(columns := (flight_date, origin))
  )
);

WITH rolling AS (
  SELECT
    flight_date,
    origin,
    COUNT(*) OVER four_weeks AS flights,
    QUANTILE_CONT(departure_delay, 0.5) OVER four_weeks AS departure_delay_p50,
    QUANTILE_CONT(departure_delay, 0.9) OVER four_weeks AS departure_delay_p90,
    QUANTILE_CONT(arrival_delay, 0.9) OVER four_weeks AS arrival_delay_p90
  FROM core.flights
  WINDOW four_weeks AS (
    PARTITION BY origin
    ORDER BY flight_date
    RANGE BETWEEN INTERVAL '27' DAYS PRECEDING AND CURRENT ROW
  )
)
SELECT
  flight_date::DATE AS flight_date,
  origin::TEXT AS origin,
  ANY_VALUE(flights)::BIGINT AS flights,
  ANY_VALUE(departure_delay_p50)::DOUBLE AS departure_delay_p50,
  ANY_VALUE(departure_delay_p90)::DOUBLE AS departure_delay_p90,
  ANY_VALUE(arrival_delay_p90)::DOUBLE AS arrival_delay_p90
FROM rolling
GROUP BY
  flight_date,
  origin

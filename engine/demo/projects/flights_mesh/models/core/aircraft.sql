MODEL (
  name core.aircraft,
  kind FULL,
  grain tail_number,
  description 'Aircraft that flew, with what the register knows of them.',
  audits (
    unique_values(columns := (tail_number)),
    aircraft_is_registered
  )
);

WITH legs AS (
  SELECT
    tail_number,
    scheduled_departure_at,
    air_minutes,
    departure_delay,
    LAG(arrival_delay) OVER (PARTITION BY tail_number ORDER BY scheduled_departure_at) AS previous_arrival_delay,
    scheduled_departure_at - LAG(scheduled_departure_at) OVER (PARTITION BY tail_number ORDER BY scheduled_departure_at) AS since_previous
  FROM core.flights
  WHERE
    outcome = 'flown' AND NOT tail_number IS NULL
), flown AS (
  SELECT
    tail_number,
    COUNT(*) AS flights,
    SUM(air_minutes) / 60.0 AS air_hours,
    SUM(
      CASE
        WHEN since_previous < INTERVAL '18' HOUR
        THEN GREATEST(LEAST(previous_arrival_delay, departure_delay), 0)
        ELSE 0
      END
    ) AS inherited_delay
  FROM legs
  GROUP BY
    tail_number
)
SELECT
  flown.tail_number::TEXT AS tail_number,
  planes.manufacturer::TEXT AS manufacturer,
  planes.model::TEXT AS model,
  planes.seats::INT AS seats,
  (
    2013 - planes.year_built
  )::INT AS age_years,
  flown.flights::BIGINT AS flights,
  flown.air_hours::DOUBLE AS air_hours,
  flown.inherited_delay::BIGINT AS inherited_delay
FROM flown
LEFT JOIN raw.planes AS planes
  ON flown.tail_number = planes.tail_number

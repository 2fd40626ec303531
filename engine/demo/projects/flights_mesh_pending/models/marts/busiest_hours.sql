MODEL (
  name marts.busiest_hours,
  kind FULL,
  grain (origin, departure_hour),
  description 'Departures and delay by airport and hour of the day, in UTC.',
  audits (not_null(columns := (origin, departure_hour)))
);

SELECT
  origin::TEXT AS origin,
  EXTRACT(HOUR FROM scheduled_departure_at)::INT AS departure_hour,
  COUNT(*)::BIGINT AS flights,
  AVG(departure_delay)::DOUBLE AS departure_delay
FROM core.flights
GROUP BY
  1,
  2

MODEL (
  name marts.route_network,
  kind FULL,
  grain (origin, destination),
  description 'One row a pair of airports.',
  audits (number_of_rows(threshold := 200))
);

SELECT
  origin::TEXT AS origin,
  destination::TEXT AS destination,
  COUNT(*)::BIGINT AS flights,
  COUNT(DISTINCT carrier_code)::BIGINT AS carriers,
  QUANTILE_CONT(speed_mph, 0.5)::DOUBLE AS median_speed_mph,
  AVG(minutes_made_up)::DOUBLE AS minutes_made_up
FROM core.flights
GROUP BY
  origin,
  destination

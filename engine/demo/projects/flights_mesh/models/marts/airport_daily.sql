MODEL (
  name marts.airport_daily,
  kind INCREMENTAL_BY_TIME_RANGE (
    time_column flight_date,
    batch_size 92
  ),
  end '2013-12-31',
  grain (flight_date, origin),
  description 'Traffic and delay by airport and day.',
  audits (
    forall(criteria := (scheduled > 0, cancelled <= scheduled))
  )
);

SELECT
  flight_date::DATE AS flight_date,
  origin::TEXT AS origin,
  COUNT(*)::BIGINT AS scheduled,
  COUNT(*) FILTER(WHERE outcome = 'cancelled')::BIGINT AS cancelled,
  AVG(departure_delay)::DOUBLE AS departure_delay,
  MODE(conditions)::TEXT AS usual_conditions
FROM core.flights
WHERE
  flight_date BETWEEN @start_date AND @end_date
GROUP BY
  flight_date,
  origin

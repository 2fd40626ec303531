MODEL (
  name marts.carrier_daily,
  kind INCREMENTAL_BY_TIME_RANGE (
    time_column flight_date,
    batch_size 61,
    lookback 3
  ),
  end '2013-12-31',
  grain (flight_date, carrier_code),
  description 'Punctuality by carrier and day, without diverted flights.',
  audits (
    not_null(columns := (carrier_name)),
    unique_combination_of_columns(columns := (flight_date, carrier_code)),
    share_within_bounds(column := late_share)
  )
);

SELECT
  flights.flight_date::DATE AS flight_date,
  flights.carrier_code::TEXT AS carrier_code,
  airlines.carrier_name::TEXT AS carrier_name,
  COUNT(*)::BIGINT AS scheduled,
  COUNT(*) FILTER(WHERE flights.outcome = 'cancelled')::BIGINT AS cancelled,
  AVG(CASE WHEN flights.departure_delay >= 15 THEN 1.0 ELSE 0.0 END)::DOUBLE AS late_share,
  QUANTILE_CONT(flights.arrival_delay, 0.9)::DOUBLE AS arrival_delay_p90
FROM core.flights AS flights
JOIN raw.airlines AS airlines
  ON flights.carrier_code = airlines.carrier_code
WHERE
  flights.flight_date BETWEEN @start_date AND @end_date AND flights.outcome <> 'diverted'
GROUP BY
  flights.flight_date,
  flights.carrier_code,
  airlines.carrier_name

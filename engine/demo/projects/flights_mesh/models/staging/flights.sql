MODEL (
  name staging.flights,
  kind INCREMENTAL_BY_TIME_RANGE (
    time_column flight_date,
    batch_size 31
  ),
  end '2013-12-31',
  grain flight_key,
  description 'Scheduled flights, typed, by day.',
  audits (
    not_null(columns := (flight_key, carrier_code, origin)),
    unique_values(columns := (flight_key)),
    accepted_values(column := origin, is_in := ('EWR', 'JFK', 'LGA'))
  )
);

WITH typed AS (
  SELECT
    MAKE_DATE(year::INT, month::INT, day::INT) AS flight_date,
    carrier AS carrier_code,
    flight::INT AS flight_number,
    NULLIF(tailnum, 'NA') AS tail_number,
    origin,
    dest AS destination,
    time_hour::TIMESTAMP + TO_MINUTES(minute::INT) AS scheduled_departure_at,
    TRY_CAST(dep_delay AS INT) AS departure_delay,
    TRY_CAST(arr_delay AS INT) AS arrival_delay,
    TRY_CAST(air_time AS INT) AS air_minutes,
    distance::INT AS distance_miles
  FROM raw.flights
)
SELECT
  CONCAT_WS('-', carrier_code, flight_number, origin, STRFTIME(flight_date, '%Y%m%d'))::TEXT AS flight_key,
  flight_date::DATE AS flight_date,
  carrier_code::TEXT AS carrier_code,
  flight_number::INT AS flight_number,
  tail_number::TEXT AS tail_number,
  origin::TEXT AS origin,
  destination::TEXT AS destination,
  scheduled_departure_at::TIMESTAMP AS scheduled_departure_at,
  departure_delay::INT AS departure_delay,
  arrival_delay::INT AS arrival_delay,
  air_minutes::INT AS air_minutes,
  distance_miles::INT AS distance_miles
FROM typed
WHERE
  flight_date BETWEEN @start_date AND @end_date

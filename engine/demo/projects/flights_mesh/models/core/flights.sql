MODEL (
  name core.flights,
  kind INCREMENTAL_BY_TIME_RANGE (
    time_column flight_date,
    batch_size 31
  ),
  end '2013-12-31',
  grain flight_key,
  description 'Each flight with how it ended and the weather it left in.',
  audits (
    unique_values(columns := (flight_key)),
    number_of_rows(threshold := 1000),
    delay_band_means_departure
  )
);

WITH last_observation AS (
  SELECT
    flights.flight_key,
    weather.temperature_f,
    weather.wind_mph,
    weather.rain_inches,
    weather.visibility_miles,
    ROW_NUMBER() OVER (PARTITION BY flights.flight_key ORDER BY weather.observed_at DESC) AS age
  FROM staging.flights AS flights
  JOIN staging.weather AS weather
    ON flights.origin = weather.airport_code
    AND weather.observed_at BETWEEN flights.scheduled_departure_at - INTERVAL '3' HOUR AND flights.scheduled_departure_at
  WHERE
    flights.flight_date BETWEEN @start_date AND @end_date
)
SELECT
  flights.flight_key::TEXT AS flight_key,
  flights.flight_date::DATE AS flight_date,
  flights.scheduled_departure_at::TIMESTAMP AS scheduled_departure_at,
  flights.carrier_code::TEXT AS carrier_code,
  flights.tail_number::TEXT AS tail_number,
  flights.origin::TEXT AS origin,
  flights.destination::TEXT AS destination,
  flights.departure_delay::INT AS departure_delay,
  flights.arrival_delay::INT AS arrival_delay,
  (
    flights.departure_delay - flights.arrival_delay
  )::INT AS minutes_made_up,
  flights.air_minutes::INT AS air_minutes,
  (
    60.0 * flights.distance_miles / flights.air_minutes
  )::DOUBLE AS speed_mph,
  CASE
    WHEN flights.departure_delay IS NULL THEN 'cancelled'
    WHEN flights.arrival_delay IS NULL THEN 'diverted'
    ELSE 'flown'
  END::TEXT AS outcome,
  bands.label::TEXT AS delay_band,
  CASE
    WHEN weather.visibility_miles < 1 THEN 'fog'
    WHEN weather.temperature_f <= 32 AND weather.rain_inches > 0 THEN 'snow or ice'
    WHEN weather.rain_inches > 0 THEN 'rain'
    WHEN weather.wind_mph BETWEEN 25 AND 150 THEN 'wind'
    WHEN NOT weather.flight_key IS NULL THEN 'fair'
  END::TEXT AS conditions
FROM staging.flights AS flights
LEFT JOIN last_observation AS weather
  ON flights.flight_key = weather.flight_key AND weather.age = 1
LEFT JOIN raw.delay_bands AS bands
  ON flights.departure_delay >= bands.from_minutes AND flights.departure_delay < bands.to_minutes
WHERE
  flights.flight_date BETWEEN @start_date AND @end_date

MODEL (
  name staging.weather,
  kind INCREMENTAL_BY_TIME_RANGE (
    time_column observed_on,
    batch_size 92
  ),
  end '2013-12-31',
  description 'Weather observations, typed, by day; times in UTC.',
  audits (not_null(columns := (airport_code, observed_at)))
);

SELECT
  origin::TEXT AS airport_code,
  time_hour::TIMESTAMP AS observed_at,
  time_hour::TIMESTAMP::DATE AS observed_on,
  TRY_CAST(temp AS DOUBLE) AS temperature_f,
  TRY_CAST(wind_speed AS DOUBLE) AS wind_mph,
  TRY_CAST(precip AS DOUBLE) AS rain_inches,
  TRY_CAST(visib AS DOUBLE) AS visibility_miles
FROM raw.weather
WHERE
  time_hour::TIMESTAMP::DATE BETWEEN @start_date AND @end_date

MODEL (
  name raw.weather,
  kind FULL,
  cron '@monthly',
  owner data_platform,
  description 'Hourly weather at the three airports, as text.'
);

SELECT
  origin::TEXT AS origin,
  time_hour::TEXT AS time_hour,
  temp::TEXT AS temp,
  wind_speed::TEXT AS wind_speed,
  precip::TEXT AS precip,
  visib::TEXT AS visib
FROM READ_CSV('../data/weather.csv.gz', header = TRUE, all_varchar = TRUE)

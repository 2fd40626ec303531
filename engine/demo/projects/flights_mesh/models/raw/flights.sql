MODEL (
  name raw.flights,
  kind FULL,
  cron '@monthly',
  owner data_platform,
  description 'All flights that left New York City in 2013, as text.',
  audits (number_of_rows(threshold := 300000))
);

SELECT
  year::TEXT AS year,
  month::TEXT AS month,
  day::TEXT AS day,
  hour::TEXT AS hour,
  minute::TEXT AS minute,
  time_hour::TEXT AS time_hour,
  carrier::TEXT AS carrier,
  flight::TEXT AS flight,
  tailnum::TEXT AS tailnum,
  origin::TEXT AS origin,
  dest::TEXT AS dest,
  dep_delay::TEXT AS dep_delay,
  arr_delay::TEXT AS arr_delay,
  air_time::TEXT AS air_time,
  distance::TEXT AS distance
FROM READ_CSV('../data/flights.csv.gz', header = TRUE, all_varchar = TRUE)

AUDIT (
  name delay_band_means_departure
);

SELECT
  flight_key
FROM @this_model
WHERE
  (
    outcome = 'cancelled'
  ) <> (
    delay_band IS NULL
  )

MODEL (
  name raw.planes,
  kind VIEW,
  owner data_platform,
  description 'The register of aircraft, read from the file whenever it is asked.'
);

SELECT
  tailnum::TEXT AS tail_number,
  TRY_CAST(year AS INT) AS year_built,
  manufacturer::TEXT AS manufacturer,
  model::TEXT AS model,
  seats::INT AS seats
FROM READ_CSV('../data/planes.csv.gz', header = TRUE, all_varchar = TRUE)

MODEL (
  name raw.airlines,
  kind VIEW,
  owner data_platform,
  description 'Carrier codes and names.',
  audits (unique_values(columns := (carrier_code)))
);

SELECT
  carrier::TEXT AS carrier_code,
  TRIM(REGEXP_REPLACE(name, '\b(Inc|Co|Corporation)\b\.?', '', 'g'))::TEXT AS carrier_name
FROM READ_CSV('../data/airlines.csv.gz', header = TRUE, all_varchar = TRUE)

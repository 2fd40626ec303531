MODEL (
  name ops.load_status,
  kind FULL,
  cron '*/5 * * * *',
  start '1 day ago',
  owner data_platform,
  description 'How far each table is loaded. Looked at every five minutes.',
  audits (not_null(columns := (last_day)))
);

SELECT
  'staging.flights'::TEXT AS table_name,
  COUNT(*)::BIGINT AS row_count,
  MAX(flight_date)::DATE AS last_day,
  @execution_ts::TIMESTAMP AS looked_at
FROM staging.flights
UNION ALL
SELECT
  'core.flights'::TEXT AS table_name,
  COUNT(*)::BIGINT AS row_count,
  MAX(flight_date)::DATE AS last_day,
  @execution_ts::TIMESTAMP AS looked_at
FROM core.flights

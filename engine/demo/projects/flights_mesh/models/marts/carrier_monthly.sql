MODEL (
  name marts.carrier_monthly,
  kind FULL,
  cron '@weekly',
  grain (month, carrier_code),
  description 'Carriers ranked by punctuality, month by month.',
  audits (not_null_non_blocking(columns := (month, late_share)))
);

WITH monthly AS (
  SELECT
    DATE_TRUNC('month', flight_date) AS month,
    carrier_code,
    carrier_name,
    SUM(scheduled) AS scheduled,
    SUM(cancelled) AS cancelled,
    SUM(late_share * scheduled) / SUM(scheduled) AS late_share
  FROM marts.carrier_daily
  GROUP BY
    1,
    carrier_code,
    carrier_name
)
SELECT
  month::DATE AS month,
  carrier_code::TEXT AS carrier_code,
  carrier_name::TEXT AS carrier_name,
  scheduled::BIGINT AS scheduled,
  cancelled::BIGINT AS cancelled,
  late_share::DOUBLE AS late_share,
  RANK() OVER (PARTITION BY month ORDER BY late_share)::INT AS rank_in_month
FROM monthly

MODEL (
  name marts.tired_aircraft,
  kind VIEW,
  owner network_planning,
  description 'The hundred aircraft that hand on the most delay.'
);

SELECT
  tail_number,
  manufacturer,
  model,
  age_years,
  inherited_delay,
  inherited_delay / flights AS inherited_delay_per_flight
FROM core.aircraft
WHERE
  flights >= 100
ORDER BY
  inherited_delay / flights DESC
LIMIT 100

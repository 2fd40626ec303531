MODEL (
  name marts.route_network,
  kind FULL,
  grain (origin, destination),
  description 'One row a pair of airports.',
  audits (number_of_rows(threshold := 200))
);

select
  origin::text as origin,
  destination::text as destination,
  count(*)::bigint as flights,
  count(distinct carrier_code)::bigint as carriers,
  quantile_cont(speed_mph, 0.5)::double as median_speed_mph,
  avg(minutes_made_up)::double as minutes_made_up
from core.flights
group by origin, destination

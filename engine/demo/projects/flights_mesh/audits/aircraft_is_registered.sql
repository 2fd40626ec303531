-- Some carriers report fleet numbers in place of tail numbers, so this is known to find rows.
AUDIT (
  name aircraft_is_registered,
  blocking FALSE
);

SELECT
  tail_number,
  flights
FROM @this_model
WHERE
  seats IS NULL

AUDIT (
  name share_within_bounds
);

SELECT
  *
FROM @this_model
WHERE
  NOT @column BETWEEN 0 AND 1

-- The trail is read by time, of the workspace and of one run: a store that is made again gets the actions run by run.
CREATE INDEX actions_by_time ON actions (at, id);
CREATE INDEX actions_by_run_and_time ON actions (run_id, at, id);
DROP INDEX actions_by_run;
-- What was done to a run that was deleted and brought back stood there twice.
DELETE FROM actions WHERE id NOT IN (SELECT min(id) FROM actions GROUP BY run_id, at, action);

-- What is usual for a model are its last successes in an environment, however many runs of others came in between.

ALTER TABLE model_executions ADD COLUMN succeeded_in TEXT; -- "project/environment" of a success whose duration is known
UPDATE model_executions SET succeeded_in = (SELECT project || '/' || environment FROM runs WHERE id = run_id)
WHERE status = 'succeeded' AND duration_s IS NOT NULL;
CREATE INDEX model_successes ON model_executions (succeeded_in, model, run_id, duration_s, batches)
WHERE succeeded_in IS NOT NULL;
CREATE INDEX runs_of_job_by_environment ON runs (project, environment, job, id);

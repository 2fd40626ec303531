-- `job:nightly` asks for a job whichever project it belongs to.
CREATE INDEX runs_by_job_name ON runs (job, id);

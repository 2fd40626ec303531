-- Why a run began, in detail: `scheduled_for` is the fire of a schedule that it answers, `caused_by` the run that it
-- follows, `attempt` counts automatic retries from 1; one of status `scheduled` starts at `starts_at`.
ALTER TABLE runs ADD COLUMN priority INTEGER NOT NULL DEFAULT 0;
ALTER TABLE runs ADD COLUMN attempt INTEGER NOT NULL DEFAULT 1;
ALTER TABLE runs ADD COLUMN starts_at INTEGER;
ALTER TABLE runs ADD COLUMN scheduled_for INTEGER;
ALTER TABLE runs ADD COLUMN caused_by INTEGER;
ALTER TABLE runs ADD COLUMN trigger_note TEXT;
-- Whether what follows the run's end (retries, pipelines) was decided; runs of the past need nothing any more.
ALTER TABLE runs ADD COLUMN followed INTEGER NOT NULL DEFAULT 1;
UPDATE runs SET followed = 0 WHERE status IN ('scheduled', 'queued', 'running', 'stopping');
CREATE INDEX runs_unfollowed ON runs (id) WHERE followed = 0;
-- Whatever dies when: no fire is answered twice, no run followed or retried twice.
CREATE UNIQUE INDEX runs_by_fire ON runs (project, job, scheduled_for) WHERE scheduled_for IS NOT NULL;
CREATE UNIQUE INDEX runs_by_cause ON runs (caused_by, project, job) WHERE caused_by IS NOT NULL;
CREATE UNIQUE INDEX runs_by_attempt ON runs (rerun_of, attempt) WHERE attempt > 1;

-- Up to when the fires of a job's schedule are answered. A schedule that reads otherwise begins anew.
CREATE TABLE kept_schedules (
    project TEXT NOT NULL,
    job TEXT NOT NULL,
    schedule TEXT NOT NULL,
    answered_until INTEGER NOT NULL,
    PRIMARY KEY (project, job)
) WITHOUT ROWID;

-- A job is paused while one of its pauses has not ended.
CREATE TABLE job_pauses (
    id INTEGER PRIMARY KEY,
    project TEXT NOT NULL,
    job TEXT NOT NULL,
    reason TEXT NOT NULL,
    author TEXT,
    paused_at INTEGER NOT NULL,
    resumed_at INTEGER,
    resumed_by TEXT
);
CREATE UNIQUE INDEX open_job_pauses ON job_pauses (project, job) WHERE resumed_at IS NULL;

-- What people did about runs beyond starting and stopping them.
ALTER TABLE runs ADD COLUMN archived INTEGER NOT NULL DEFAULT 0; -- out of the lists, and still there
ALTER TABLE runs ADD COLUMN acknowledged_at INTEGER;
ALTER TABLE runs ADD COLUMN acknowledged_by TEXT;
ALTER TABLE runs ADD COLUMN acknowledgement TEXT; -- a note, Markdown
-- The IP addresses of the host that the run used, JSON.
ALTER TABLE runs ADD COLUMN addresses TEXT NOT NULL DEFAULT '[]';

-- A failed run is no longer anybody's business once its job went well.
UPDATE runs SET superseded_by =
    (SELECT min(later.id) FROM runs later
     WHERE later.project = runs.project AND later.environment = runs.environment AND later.job = runs.job
       AND later.id > runs.id AND later.status IN ('completed', 'partial'))
WHERE status IN ('failed', 'error') AND superseded_by IS NULL AND job IS NOT NULL;
CREATE INDEX runs_failed_last ON runs (project, environment, job)
    WHERE status IN ('failed', 'error') AND superseded_by IS NULL;

-- Who did what and when, also of runs that are deleted.
CREATE TABLE actions (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    author TEXT,
    action TEXT NOT NULL,
    run_id INTEGER,
    detail TEXT
);
CREATE INDEX actions_by_run ON actions (run_id, id);

-- Few runs each: a list finds those that it leaves out, or asks for, without reading the others.
CREATE INDEX runs_archived ON runs (id) WHERE archived = 1;
CREATE INDEX runs_acknowledged ON runs (id) WHERE acknowledged_at IS NOT NULL;
CREATE INDEX runs_superseded ON runs (id) WHERE superseded_by IS NOT NULL;

-- What failed in each run, and by which cause: one fingerprint for all errors that differ only in names and numbers.
CREATE TABLE failures (
    run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    kind TEXT NOT NULL, -- model, audit, step or run
    node TEXT NOT NULL, -- unique name of the model or audit, position of the step, empty for the run itself
    interval_start INTEGER NOT NULL DEFAULT 0, -- 0: not an audit that runs per interval
    fingerprint TEXT NOT NULL,
    pattern TEXT NOT NULL, -- what the fingerprint was taken of
    sentence TEXT NOT NULL,
    PRIMARY KEY (run_id, kind, node, interval_start)
) WITHOUT ROWID;
CREATE INDEX failures_by_fingerprint ON failures (fingerprint, run_id);

-- Runs that failed before there were fingerprints: the engine works them off beside its other work.
CREATE TABLE runs_without_fingerprints (
    run_id INTEGER PRIMARY KEY REFERENCES runs (id) ON DELETE CASCADE
);
INSERT INTO runs_without_fingerprints
SELECT id FROM runs
WHERE status IN ('failed', 'error') OR models_failed > 0 OR audits_failed > 0 OR audits_error > 0;

-- What the tool itself says of its environments, as it was when it was read.
CREATE TABLE environment_states (
    project TEXT NOT NULL,
    environment TEXT NOT NULL,
    read_at INTEGER NOT NULL,
    body TEXT NOT NULL, -- JSON of an EnvironmentState
    change INTEGER NOT NULL,
    PRIMARY KEY (project, environment)
) WITHOUT ROWID;

-- Intervals that the tool has marked as loaded though the run was stopped while it rewrote them.
CREATE TABLE interrupted_intervals (
    run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    model TEXT NOT NULL,
    start_at INTEGER NOT NULL,
    end_at INTEGER NOT NULL,
    repaired_by INTEGER, -- the run that put them right
    PRIMARY KEY (run_id, model, start_at, end_at)
) WITHOUT ROWID;

-- The stages of a plan that are not models: creation of tables, promotion of views.
CREATE TABLE phases (
    run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    phase TEXT NOT NULL,
    position INTEGER NOT NULL,
    done INTEGER NOT NULL,
    total INTEGER NOT NULL,
    state TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    finished_at INTEGER,
    PRIMARY KEY (run_id, phase)
) WITHOUT ROWID;

-- Times are whole microseconds since 1970 in UTC, durations seconds, lists and mappings JSON.
-- `change` is the number of the transaction that last touched the row.

CREATE TABLE change_counter (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    number INTEGER NOT NULL
);
INSERT INTO change_counter VALUES (1, 0);

CREATE TABLE workspace (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    name TEXT NOT NULL,
    change INTEGER NOT NULL
);

CREATE TABLE projects (
    name TEXT PRIMARY KEY,
    position INTEGER NOT NULL,
    body TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE environments (
    project TEXT NOT NULL,
    name TEXT NOT NULL,
    position INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (project, name)
) WITHOUT ROWID;

CREATE TABLE jobs (
    project TEXT NOT NULL,
    name TEXT NOT NULL,
    position INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (project, name)
) WITHOUT ROWID;

CREATE TABLE graphs (
    id INTEGER PRIMARY KEY,
    sha256 TEXT NOT NULL UNIQUE,
    body BLOB NOT NULL -- zlib-compressed JSON of a RunGraph: many runs see the same graph
);

CREATE TABLE runs (
    id INTEGER PRIMARY KEY AUTOINCREMENT, -- the number of a deleted run is never given again
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    project TEXT NOT NULL,
    environment TEXT NOT NULL,
    job TEXT,
    job_type TEXT,
    status TEXT NOT NULL,
    status_reason TEXT,
    trigger TEXT NOT NULL,
    author TEXT,
    tool TEXT NOT NULL,
    tool_version TEXT,
    branch TEXT,
    "commit" TEXT,
    commit_author TEXT,
    commit_message TEXT,
    version TEXT,
    created_at INTEGER NOT NULL,
    started_at INTEGER,
    finished_at INTEGER,
    host TEXT,
    pid INTEGER,
    pid_started REAL,
    waits_for INTEGER,
    collided_with INTEGER,
    rerun_of INTEGER,
    superseded_by INTEGER,
    options TEXT NOT NULL,
    graph_id INTEGER REFERENCES graphs (id),
    details TEXT,
    models_total INTEGER NOT NULL DEFAULT 0,
    models_running INTEGER NOT NULL DEFAULT 0,
    models_succeeded INTEGER NOT NULL DEFAULT 0,
    models_failed INTEGER NOT NULL DEFAULT 0,
    models_skipped INTEGER NOT NULL DEFAULT 0,
    models_cancelled INTEGER NOT NULL DEFAULT 0,
    audits_total INTEGER NOT NULL DEFAULT 0,
    audits_passed INTEGER NOT NULL DEFAULT 0,
    audits_warned INTEGER NOT NULL DEFAULT 0,
    audits_failed INTEGER NOT NULL DEFAULT 0,
    audits_error INTEGER NOT NULL DEFAULT 0,
    audits_skipped INTEGER NOT NULL DEFAULT 0,
    journal_offset INTEGER NOT NULL DEFAULT 0, -- bytes of the journal that are in these tables
    journal_seq INTEGER NOT NULL DEFAULT 0,
    change INTEGER NOT NULL
);
CREATE INDEX runs_by_change ON runs (change);
CREATE INDEX runs_by_status ON runs (status, id);
CREATE INDEX runs_by_environment ON runs (project, environment, id);
CREATE INDEX runs_by_job ON runs (project, job, id);

CREATE TABLE deleted_runs (
    run_id INTEGER PRIMARY KEY,
    change INTEGER NOT NULL
);
CREATE INDEX deleted_runs_by_change ON deleted_runs (change);

CREATE TABLE steps (
    run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    command TEXT NOT NULL,
    status TEXT NOT NULL,
    exit_code INTEGER,
    started_at INTEGER NOT NULL,
    finished_at INTEGER,
    log TEXT,
    process_group INTEGER,
    change INTEGER NOT NULL,
    PRIMARY KEY (run_id, position)
) WITHOUT ROWID;

CREATE TABLE model_executions (
    run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    model TEXT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    materialized TEXT,
    schema_name TEXT,
    relation TEXT,
    file TEXT,
    parents TEXT NOT NULL,
    status TEXT NOT NULL,
    queued_at INTEGER NOT NULL,
    started_at INTEGER,
    finished_at INTEGER,
    duration_s REAL,
    rows INTEGER,
    thread TEXT,
    message TEXT,
    error TEXT,
    cause TEXT,
    interrupted INTEGER NOT NULL DEFAULT 0,
    batch INTEGER,
    batches INTEGER,
    compiled_file TEXT,
    intervals TEXT NOT NULL DEFAULT '[]',
    timings TEXT NOT NULL DEFAULT '[]',
    change INTEGER NOT NULL,
    PRIMARY KEY (run_id, model)
) WITHOUT ROWID;
CREATE INDEX model_executions_by_model ON model_executions (model, run_id);

CREATE TABLE audits (
    run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    audit TEXT NOT NULL,
    name TEXT NOT NULL,
    model TEXT,
    blocking INTEGER NOT NULL,
    status TEXT NOT NULL,
    failures INTEGER,
    error TEXT,
    sql TEXT,
    compiled_file TEXT,
    arguments TEXT NOT NULL DEFAULT '{}',
    duration_s REAL,
    finished_at INTEGER NOT NULL,
    thread TEXT,
    cause TEXT,
    interval_start INTEGER NOT NULL DEFAULT 0, -- 0: the audit does not run per interval
    change INTEGER NOT NULL,
    PRIMARY KEY (run_id, audit, interval_start)
) WITHOUT ROWID;

CREATE TABLE model_changes (
    run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    model TEXT NOT NULL,
    change_kind TEXT NOT NULL,
    diff TEXT,
    PRIMARY KEY (run_id, model)
) WITHOUT ROWID;

CREATE TABLE artifacts (
    run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    path TEXT NOT NULL,
    kind TEXT NOT NULL,
    size INTEGER NOT NULL,
    PRIMARY KEY (run_id, path)
) WITHOUT ROWID;

CREATE TABLE notices (
    run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    journal_end INTEGER NOT NULL, -- where its journal line ends: its identity
    at INTEGER NOT NULL,
    level TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (run_id, journal_end)
) WITHOUT ROWID;

-- Some of the rows that an audit found fault with, as they were when it ran.
CREATE TABLE audit_samples (
    run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    audit TEXT NOT NULL,
    body TEXT NOT NULL, -- JSON: columns and rows
    PRIMARY KEY (run_id, audit)
) WITHOUT ROWID;

-- The batches in which a model was built. Runs of before have them once the store is rebuilt from the journals.

CREATE TABLE model_batches (
    run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    model TEXT NOT NULL,
    batch INTEGER NOT NULL, -- counts from 1
    batches INTEGER NOT NULL,
    status TEXT NOT NULL, -- as of a model's execution
    interval TEXT, -- NULL where the model knows none
    rows INTEGER,
    duration_s REAL,
    started_at INTEGER,
    finished_at INTEGER,
    change INTEGER NOT NULL,
    PRIMARY KEY (run_id, model, batch)
) WITHOUT ROWID;

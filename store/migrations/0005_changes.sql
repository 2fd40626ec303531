-- What lies between the project's files of a run and those of earlier runs, beyond the changes of its models.
CREATE TABLE run_changes (
    run_id INTEGER PRIMARY KEY REFERENCES runs (id) ON DELETE CASCADE,
    body TEXT NOT NULL -- JSON of a ChangeDetails
) WITHOUT ROWID;

-- The last look at a project's remote, however it went: `problem` is NULL when every head was answered. That of
-- `git_looks` is the last one that went well.
CREATE TABLE git_attempts (
    project TEXT PRIMARY KEY,
    remote TEXT,
    at INTEGER NOT NULL,
    problem TEXT
) WITHOUT ROWID;

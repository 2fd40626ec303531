-- Where the files of a run came from: the remote, without credentials, and the head whose move started the run.
ALTER TABLE runs ADD COLUMN remote TEXT;
ALTER TABLE runs ADD COLUMN head_ref TEXT;
ALTER TABLE runs ADD COLUMN head_commit TEXT;
CREATE INDEX runs_by_head ON runs (project, head_ref, job) WHERE head_ref IS NOT NULL;

-- The heads of a project's remote as they were answered last.
CREATE TABLE git_heads (
    project TEXT NOT NULL,
    ref TEXT NOT NULL,
    head TEXT NOT NULL,
    PRIMARY KEY (project, ref)
) WITHOUT ROWID;

-- When a project's remote was looked at last. The first look only remembers; so does the first at another remote.
CREATE TABLE git_looks (
    project TEXT PRIMARY KEY,
    remote TEXT NOT NULL,
    looked_at INTEGER NOT NULL
) WITHOUT ROWID;

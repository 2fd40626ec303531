-- Lists of very many runs: what a filter asks about stands in one index, so that a count or a jump reads no rows.

-- All that a list shows of a run and that can be searched for by a part of it.
ALTER TABLE runs ADD COLUMN searched TEXT GENERATED ALWAYS AS (
    '#' || id || ' ' || name || ' ' || coalesce(job, '') || ' ' || coalesce(author, '') || ' ' || coalesce(branch, '')
    || ' ' || coalesce("commit", '') || ' ' || coalesce(status_reason, '') || ' ' || project || '/' || environment
    || ' ' || kind || ' ' || status || ' ' || trigger
) VIRTUAL;
CREATE INDEX runs_listed ON runs (id, status, kind, trigger, project, environment, job, author, searched);
CREATE INDEX runs_by_author ON runs (author, id);
CREATE INDEX runs_by_kind ON runs (project, environment, kind, id);

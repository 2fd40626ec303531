-- Lists of very many runs. What filters ask about takes few different values together: each such facet stands once,
-- with all that can be searched for in it, and it is counted how many runs of it each stretch of run numbers has. So a
-- filter is tried on facets, and a count or a jump to a position adds up stretches instead of going through all runs.

DROP INDEX runs_listed;
DROP INDEX runs_by_author;
DROP INDEX runs_by_kind;
DROP INDEX runs_by_job_name;
ALTER TABLE runs DROP COLUMN searched;

CREATE TABLE run_facets (
    facet INTEGER PRIMARY KEY,
    project TEXT NOT NULL,
    environment TEXT NOT NULL,
    job TEXT NOT NULL, -- empty where there is none, as are author, branch and reason
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    trigger TEXT NOT NULL,
    author TEXT NOT NULL,
    branch TEXT NOT NULL,
    status TEXT NOT NULL,
    status_reason TEXT NOT NULL,
    archived INTEGER NOT NULL,
    acknowledged INTEGER NOT NULL,
    superseded INTEGER NOT NULL,
    -- A number or a commit is not among it: these are found by indexes of their own.
    searched TEXT NOT NULL GENERATED ALWAYS AS (
        '# ' || name || ' ' || job || ' ' || author || ' ' || branch || ' ' || status_reason || ' ' || project || '/'
        || environment || ' ' || kind || ' ' || status || ' ' || trigger
    ) VIRTUAL,
    UNIQUE (project, environment, job, name, kind, trigger, author, branch, status, status_reason,
            archived, acknowledged, superseded)
);

-- Stretches are of 4,096 run numbers.
CREATE TABLE run_counts (
    stretch INTEGER NOT NULL,
    facet INTEGER NOT NULL,
    runs INTEGER NOT NULL,
    PRIMARY KEY (stretch, facet)
) WITHOUT ROWID;

ALTER TABLE runs ADD COLUMN facet INTEGER;

CREATE VIEW listed_runs AS
SELECT id AS run_id, project, environment, coalesce(job, '') AS job, name, kind, trigger, coalesce(author, '') AS author,
       coalesce(branch, '') AS branch, status, coalesce(status_reason, '') AS status_reason, archived,
       acknowledged_at IS NOT NULL AS acknowledged, superseded_by IS NOT NULL AS superseded
FROM runs;

INSERT INTO run_facets (project, environment, job, name, kind, trigger, author, branch, status, status_reason,
                        archived, acknowledged, superseded)
SELECT DISTINCT project, environment, job, name, kind, trigger, author, branch, status, status_reason,
                archived, acknowledged, superseded
FROM listed_runs;
UPDATE runs SET facet = (SELECT facet FROM run_facets NATURAL JOIN listed_runs WHERE run_id = runs.id);
INSERT INTO run_counts SELECT id / 4096, facet, count(*) FROM runs GROUP BY 1, 2;
CREATE INDEX runs_by_facet ON runs (facet, id);
CREATE INDEX runs_by_commit ON runs ("commit", id);

-- Setting what decides the facet, also to what it was, finds the facet.
CREATE TRIGGER run_is_new AFTER INSERT ON runs BEGIN
    UPDATE runs SET status = status WHERE id = new.id;
END;

CREATE TRIGGER run_is_another
AFTER UPDATE OF project, environment, job, name, kind, trigger, author, branch, status, status_reason, archived,
                acknowledged_at, superseded_by ON runs BEGIN
    INSERT INTO run_facets (project, environment, job, name, kind, trigger, author, branch, status, status_reason,
                            archived, acknowledged, superseded)
    SELECT project, environment, job, name, kind, trigger, author, branch, status, status_reason,
           archived, acknowledged, superseded
    FROM listed_runs WHERE run_id = new.id ON CONFLICT DO NOTHING;
    UPDATE runs SET facet = (SELECT facet FROM run_facets NATURAL JOIN listed_runs WHERE run_id = new.id)
    WHERE id = new.id;
END;

CREATE TRIGGER run_has_facet AFTER UPDATE OF facet ON runs WHEN new.facet IS NOT old.facet BEGIN
    UPDATE run_counts SET runs = runs - 1 WHERE stretch = old.id / 4096 AND facet = old.facet;
    DELETE FROM run_counts WHERE stretch = old.id / 4096 AND facet = old.facet AND runs = 0;
    DELETE FROM run_facets WHERE facet = old.facet AND NOT EXISTS (SELECT 1 FROM runs WHERE facet = old.facet);
    INSERT INTO run_counts VALUES (new.id / 4096, new.facet, 1) ON CONFLICT DO UPDATE SET runs = runs + 1;
END;

CREATE TRIGGER run_is_gone AFTER DELETE ON runs BEGIN
    UPDATE run_counts SET runs = runs - 1 WHERE stretch = old.id / 4096 AND facet = old.facet;
    DELETE FROM run_counts WHERE stretch = old.id / 4096 AND facet = old.facet AND runs = 0;
    DELETE FROM run_facets WHERE facet = old.facet AND NOT EXISTS (SELECT 1 FROM runs WHERE facet = old.facet);
END;

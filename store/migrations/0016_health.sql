-- How well an environment is. A plan that was only shown says nothing of that; a run that found nothing to build makes
-- nothing good; and what fails now are the nodes whose latest execution failed, whichever run that was in.

DROP TRIGGER run_is_new;
DROP TRIGGER run_is_another;
DROP TRIGGER run_has_facet;
DROP TRIGGER run_is_gone;
DROP VIEW listed_runs;
DROP TABLE run_facets;
DELETE FROM run_counts;

ALTER TABLE runs ADD COLUMN preview INTEGER NOT NULL DEFAULT 0; -- a plan that is shown, not applied
ALTER TABLE runs ADD COLUMN built_nothing INTEGER NOT NULL DEFAULT 0; -- it went well, and no model was among its work
UPDATE runs SET preview = 1
WHERE kind = 'plan' AND coalesce(json_extract(options, '$.apply'), 0) = 0
  AND (job_type IS NOT 'ci' OR head_ref IS NULL) AND id NOT IN (SELECT run_id FROM phases);
CREATE INDEX runs_applied_plans ON runs (project, environment, id) WHERE kind = 'plan' AND preview = 0;

-- What a plan would execute was kept as though the end of the plan had cancelled it.
DELETE FROM model_executions WHERE run_id IN (SELECT id FROM runs WHERE preview = 1);
UPDATE runs SET models_total = 0, models_cancelled = 0, audits_total = 0 WHERE preview = 1;

UPDATE runs SET built_nothing = 1
WHERE kind = 'run' AND status IN ('completed', 'partial', 'review') AND graph_id IS NOT NULL
  AND models_total = 0 AND audits_total = 0;
UPDATE runs SET superseded_by = NULL
WHERE superseded_by IN (SELECT id FROM runs WHERE built_nothing = 1 OR preview = 1);

-- Facets, as before, tell previews apart.
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
    preview INTEGER NOT NULL,
    -- A number or a commit is not among it: these are found by indexes of their own.
    searched TEXT NOT NULL GENERATED ALWAYS AS (
        '# ' || name || ' ' || job || ' ' || author || ' ' || branch || ' ' || status_reason || ' ' || project || '/'
        || environment || ' ' || kind || ' ' || status || ' ' || trigger || CASE preview WHEN 1 THEN ' shown' ELSE '' END
    ) VIRTUAL,
    UNIQUE (project, environment, job, name, kind, trigger, author, branch, status, status_reason,
            archived, acknowledged, superseded, preview)
);

CREATE VIEW listed_runs AS
SELECT id AS run_id, project, environment, coalesce(job, '') AS job, name, kind, trigger, coalesce(author, '') AS author,
       coalesce(branch, '') AS branch, status, coalesce(status_reason, '') AS status_reason, archived,
       acknowledged_at IS NOT NULL AS acknowledged, superseded_by IS NOT NULL AS superseded, preview
FROM runs;

INSERT INTO run_facets (project, environment, job, name, kind, trigger, author, branch, status, status_reason,
                        archived, acknowledged, superseded, preview)
SELECT DISTINCT project, environment, job, name, kind, trigger, author, branch, status, status_reason,
                archived, acknowledged, superseded, preview
FROM listed_runs;
UPDATE runs SET facet = (SELECT facet FROM run_facets NATURAL JOIN listed_runs WHERE run_id = runs.id);
INSERT INTO run_counts SELECT id / 4096, facet, count(*) FROM runs GROUP BY 1, 2;

CREATE TRIGGER run_is_new AFTER INSERT ON runs BEGIN
    UPDATE runs SET status = status WHERE id = new.id;
END;

CREATE TRIGGER run_is_another
AFTER UPDATE OF project, environment, job, name, kind, trigger, author, branch, status, status_reason, archived,
                acknowledged_at, superseded_by ON runs BEGIN
    INSERT INTO run_facets (project, environment, job, name, kind, trigger, author, branch, status, status_reason,
                            archived, acknowledged, superseded, preview)
    SELECT project, environment, job, name, kind, trigger, author, branch, status, status_reason,
           archived, acknowledged, superseded, preview
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

-- How each model and blocking audit fared when it was executed last in its environment.
CREATE TABLE latest_executions (
    project TEXT NOT NULL,
    environment TEXT NOT NULL,
    kind TEXT NOT NULL, -- model or audit
    node TEXT NOT NULL,
    name TEXT NOT NULL,
    failed INTEGER NOT NULL,
    at INTEGER NOT NULL,
    run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    PRIMARY KEY (project, environment, kind, node)
) WITHOUT ROWID;
CREATE INDEX failing_now ON latest_executions (project, environment) WHERE failed = 1;
CREATE INDEX latest_executions_by_run ON latest_executions (run_id);

INSERT INTO latest_executions
SELECT project, environment, 'model', node, name, latest % 2, at, latest / 2 FROM (
    SELECT r.project, r.environment, e.model AS node, e.name, coalesce(r.finished_at, r.created_at) AS at,
           max(e.run_id * 2 + (e.status = 'failed')) AS latest
    FROM (SELECT p.project, p.environment, f.node, max(f.run_id) AS run_id
          FROM failures AS f JOIN runs AS p ON p.id = f.run_id WHERE f.kind = 'model' GROUP BY 1, 2, 3) AS failed
    JOIN model_executions AS e ON e.model = failed.node AND e.run_id >= failed.run_id
    JOIN runs AS r ON r.id = e.run_id AND r.project = failed.project AND r.environment = failed.environment
    WHERE e.status IN ('succeeded', 'failed') AND (r.job_type IS NOT 'ci' OR r.head_ref IS NULL)
    GROUP BY 1, 2, 3);
INSERT INTO latest_executions
SELECT project, environment, 'audit', node, name, latest % 2, at, latest / 2 FROM (
    SELECT r.project, r.environment, a.audit AS node, a.name, coalesce(r.finished_at, r.created_at) AS at,
           max(a.run_id * 2 + (a.blocking AND a.status IN ('failed', 'error'))) AS latest
    FROM (SELECT p.project, p.environment, f.node, max(f.run_id) AS run_id
          FROM failures AS f JOIN runs AS p ON p.id = f.run_id WHERE f.kind = 'audit' GROUP BY 1, 2, 3) AS failed
    JOIN runs AS r ON r.project = failed.project AND r.environment = failed.environment AND r.id >= failed.run_id
    JOIN audits AS a ON a.run_id = r.id AND a.audit = failed.node
    WHERE a.status != 'skipped' AND (r.job_type IS NOT 'ci' OR r.head_ref IS NULL)
    GROUP BY 1, 2, 3);

-- What is torn now is asked of all runs of an environment.
CREATE INDEX interrupted_unrepaired ON interrupted_intervals (model, run_id) WHERE repaired_by IS NULL;

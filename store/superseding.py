"""Which failed runs a later run makes good: those of which it built what had failed. Pure, SQL statements out.

Statements name `:run`, the run that ended, and `:change`.
"""

from collections.abc import Iterator

from store.statement import Statement
from store.status import BAD, GOOD, RunStatus


def by_a_run_that_ended(status: RunStatus) -> Iterator[Statement]:
    """The statements of the end of a run; none for one that did not go well."""
    yield _BUILT_NOTHING
    if status in GOOD:
        yield _FORMER_TRIES
        yield _FAILED_RUNS


def is_isolated(runs: str) -> str:
    """The condition that a run of this table was for a ci request: it builds in a schema of the request's own."""
    return f"{runs}.job_type IS 'ci' AND {runs}.head_ref IS NOT NULL"


_BUILT_NOTHING = Statement(
    f"""UPDATE runs SET built_nothing = 1
        WHERE id = :run AND kind = 'run' AND status IN ({", ".join(f"'{status}'" for status in sorted(GOOD))})
          AND graph_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM model_executions WHERE run_id = :run)
          AND NOT EXISTS (SELECT 1 FROM audits WHERE run_id = :run)"""
)
"""A run that tells its project's graph and executes none of it: its selection matched nothing, or nothing was due."""

_THIS = "this AS (SELECT * FROM runs WHERE id = :run AND NOT preview AND NOT built_nothing)"
_FORMER = """former (id) AS (
    SELECT rerun_of FROM this WHERE json_extract(options, '$.repair_of') IS NULL
    UNION SELECT runs.rerun_of FROM runs JOIN former ON runs.id = former.id)"""
_BAD = ", ".join(f"'{status}'" for status in sorted(BAD))

_FORMER_TRIES = Statement(
    f"""WITH RECURSIVE {_THIS}, {_FORMER}
        UPDATE runs SET superseded_by = :run, change = :change
        WHERE id IN (SELECT id FROM former) AND status NOT IN ('completed', {_BAD}) AND superseded_by IS NULL"""
)
"""A re-run that went well takes the place of those before it that were stopped. A repair does not: it loads less."""

_SAME_OPTIONS = " AND ".join(
    f"(json_extract(this.options, '$.{name}') IS NULL"
    f" OR json_extract(this.options, '$.{name}') IS json_extract(runs.options, '$.{name}'))"
    for name in ("select", "exclude")
)
_AS_WIDE = f"{_SAME_OPTIONS} AND json_extract(this.options, '$.repair_of') IS NULL"
"""That this run was not narrowed, or only as the failed one was."""

_SAME_JOB = "this.kind = runs.kind AND this.job IS runs.job AND (this.job IS NOT NULL OR this.name = runs.name)"
"""That both do the same work; those of no job go by their names, which are their steps."""

_WHOLE_PLAN = "this.kind = 'plan' AND runs.kind = 'plan' AND json_extract(this.options, '$.select') IS NULL"
"""That a plan of the whole environment was applied: it says that all of it is as the project has it."""


def _each(table: str, node: str, unfinished: str, done: str) -> str:
    """That this run built all that the failed one left unfinished in one table."""
    return f"""NOT EXISTS (
        SELECT 1 FROM {table} AS broken WHERE broken.run_id = runs.id AND {unfinished}
        AND NOT EXISTS (SELECT 1 FROM {table} AS built
                        WHERE built.run_id = :run AND built.{node} = broken.{node} AND {done}))"""


def _is_known(kind: str) -> str:
    """That what failed is still in the project. What is not is forgotten as a graph without it is told."""
    return f"""({is_isolated("runs")} OR EXISTS (
        SELECT 1 FROM latest_executions AS latest WHERE latest.project = runs.project
        AND latest.environment = runs.environment AND latest.kind = '{kind}' AND latest.node = broken.{kind}))"""


_FAILED_MODEL = "broken.status = 'failed'"
_FAILED_AUDIT = "broken.blocking AND broken.status IN ('failed', 'error')"
_BUILT = "built.status = 'succeeded'"
_CHECKED = "built.status IN ('passed', 'warned')"

_HAS_FAILED_NODES = f"""(
    EXISTS (SELECT 1 FROM model_executions AS broken WHERE broken.run_id = runs.id AND {_FAILED_MODEL})
    OR EXISTS (SELECT 1 FROM audits AS broken WHERE broken.run_id = runs.id AND {_FAILED_AUDIT}))"""
_BUILT_WHAT_FAILED = (
    _each("model_executions", "model", f"{_FAILED_MODEL} AND {_is_known('model')}", _BUILT)
    + " AND "
    + _each("audits", "audit", f"{_FAILED_AUDIT} AND {_is_known('audit')}", _CHECKED)
)
_BUILT_THE_REST = f"""runs.id IN (SELECT id FROM former)
    AND EXISTS (SELECT 1 FROM model_executions WHERE run_id = runs.id AND status != 'succeeded')
    AND {_each("model_executions", "model", "broken.status != 'succeeded'", _BUILT)}"""
"""That this run built what the failed one, whose worker was lost say, had not come to."""

_FAILED_RUNS = Statement(
    f"""WITH RECURSIVE {_THIS}, {_FORMER}
        UPDATE runs SET superseded_by = :run, change = :change
        WHERE id < :run AND status IN ({_BAD}) AND superseded_by IS NULL AND NOT preview
          AND project = (SELECT project FROM this) AND environment = (SELECT environment FROM this)
          AND EXISTS (
            SELECT 1 FROM this
            WHERE (CASE WHEN {is_isolated("this")} THEN this.head_ref END)
                  IS (CASE WHEN {is_isolated("runs")} THEN runs.head_ref END)
              AND ({_WHOLE_PLAN} OR CASE WHEN {_HAS_FAILED_NODES} THEN {_BUILT_WHAT_FAILED}
                   ELSE {_SAME_JOB} AND {_AS_WIDE} OR {_BUILT_THE_REST} END))"""
)
"""A run makes a failed one of its environment good when it built, and with success, all that had failed there.

One in which no node had failed, but a step, is made good by the same work done again as widely.
"""

"""Whether an environment is well: what fails in it now over all its runs, its last plan, what is half-written."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from store.events import (
    AuditFinished,
    Graph,
    GraphAudit,
    GraphNode,
    Interval,
    IntervalInterrupted,
    IntervalRepaired,
    ModelFinished,
    ModelProgress,
)
from store.filters import RunFilter
from store.models import Environment, EnvironmentHealth, GitHead, Project, TornRun
from store.reads import StoreReader
from store.status import AuditStatus, ModelStatus, RunStatus
from store.writes import StoreWriter
from tests.store.making import BEGIN, finished, finished_run, happen, moment, request, started
from tests.store.test_superseding import FAILED_MODEL, a_failed_run, a_run, an_applied_plan, audit, graph, model

PROJECTS = (Project(name="flights", tool="dbt", path="flights"),)
PLACES = (Environment(project="flights", name="prod"), Environment(project="flights", name="dev"))


async def health(writer: StoreWriter, reader: StoreReader) -> EnvironmentHealth:
    await writer.sync_workspace("analytics", PROJECTS, PLACES, ())
    return (await reader.health())[0]


async def failing(writer: StoreWriter, reader: StoreReader) -> list[tuple[str, int]]:
    return [(node.name, node.run_id) for node in (await health(writer, reader)).failing]


async def test_what_failed_goes_on_failing_whatever_else_runs(writer: StoreWriter, reader: StoreReader) -> None:
    await a_failed_run(writer)
    await a_run(writer, 2, model("c"), job="hourly")
    await a_run(writer, 3, model("a"), audit("b"), environment="dev")
    assert await failing(writer, reader) == [("a", 1), ("check_b", 1)]

    await a_run(writer, 4, model("a"), job="hourly")
    assert await failing(writer, reader) == [("check_b", 1)]
    await a_run(writer, 5, audit("b", AuditStatus.SKIPPED), model("a", ModelStatus.CANCELLED))
    assert await failing(writer, reader) == [("check_b", 1)]
    await a_run(writer, 6, audit("b", AuditStatus.WARNED))
    assert await failing(writer, reader) == []


async def test_an_audit_that_does_not_block_is_not_failing(writer: StoreWriter, reader: StoreReader) -> None:
    await a_run(writer, 1, audit("a", AuditStatus.ERROR, blocking=False))
    assert await failing(writer, reader) == []


async def test_of_an_audit_per_interval_one_failure_counts(writer: StoreWriter, reader: StoreReader) -> None:
    def of_day(number: int, status: AuditStatus) -> AuditFinished:
        return audit("a", status).model_copy(update={"interval": day(number)})

    await a_run(writer, 1, of_day(1, AuditStatus.FAILED), of_day(2, AuditStatus.PASSED), status=RunStatus.FAILED)
    assert await failing(writer, reader) == [("check_a", 1)]
    await a_run(writer, 2, of_day(1, AuditStatus.PASSED))
    assert await failing(writer, reader) == []


async def test_a_model_that_is_tried_again_in_the_same_run_does_not_fail(
    writer: StoreWriter, reader: StoreReader
) -> None:
    await a_run(writer, 1, FAILED_MODEL, model("a"))
    assert await failing(writer, reader) == []


async def test_of_two_runs_at_once_what_ended_later_counts(writer: StoreWriter, reader: StoreReader) -> None:
    """A store that is made again reads one journal after the other."""
    late = ModelFinished(ts=moment(9), model="a", status=ModelStatus.SUCCEEDED)
    await a_run(writer, 1, late)
    await a_run(writer, 2, FAILED_MODEL, status=RunStatus.FAILED)
    assert await failing(writer, reader) == []


async def test_what_the_project_has_no_more_does_not_fail(writer: StoreWriter, reader: StoreReader) -> None:
    await a_failed_run(writer)
    await a_run(writer, 2, graph("b", "c"), kind="plan")
    assert await failing(writer, reader) == [("a", 1), ("check_b", 1)], "the plan was only shown"
    await a_run(writer, 3, graph("b", "c"), model("c"))
    assert await failing(writer, reader) == [("check_b", 1)]


async def test_a_ci_run_says_nothing_of_its_environment(writer: StoreWriter, reader: StoreReader) -> None:
    head = GitHead(ref="refs/pull/7/head", commit="c0ffee")
    await a_failed_run(writer, 1, job_type="ci", head=head)
    assert await failing(writer, reader) == []
    await a_failed_run(writer, 2)
    await a_run(writer, 3, model("a"), audit("b"), job_type="ci", head=head)
    assert await failing(writer, reader) == [("a", 2), ("check_b", 2)]


async def test_when_a_run_is_deleted_the_ones_before_count_again(writer: StoreWriter, reader: StoreReader) -> None:
    await a_failed_run(writer, 1)
    await a_run(writer, 2, model("a"), audit("b"))
    await writer.delete_run(2)
    assert await failing(writer, reader) == [("a", 1), ("check_b", 1)]
    await writer.delete_run(1)
    assert await failing(writer, reader) == []


async def test_a_plan_that_was_only_shown_is_no_plan_of_the_environment(
    writer: StoreWriter, reader: StoreReader
) -> None:
    await an_applied_plan(writer, 1, status=RunStatus.PARTIAL)
    await finished_run(writer, 2, RunStatus.FAILED, kind="plan", job=None)
    await finished_run(writer, 3, RunStatus.COMPLETED, kind="plan", steps=("plan --auto-apply",))
    await finished_run(writer, 4, RunStatus.COMPLETED, kind="plan")

    known = await health(writer, reader)

    assert known.last_plan is not None
    assert known.last_plan.id == 3
    assert [(await reader.run(number)).preview for number in (1, 2, 3, 4)] == [False, True, False, True]
    assert (await reader.run(2)).handling is None
    assert await reader.triage.unhandled() == {}
    assert await reader.runs(RunFilter(handling="new"), limit=9) == []
    assert [run.id for run in await reader.runs(RunFilter(words=("shown",)), limit=9)] == [4, 2]


async def test_a_plan_that_was_only_shown_executes_nothing(writer: StoreWriter, reader: StoreReader) -> None:
    nodes = (GraphNode(model="a", name="a", kind="model", selected=True),)
    audits = (GraphAudit(audit="t", name="t", selected=True),)
    await a_run(writer, 1, Graph(ts=BEGIN, nodes=nodes, audits=audits), kind="plan")

    run = await reader.run(1)

    assert await reader.models(1) == []
    assert (run.counts.models_total, run.counts.models_cancelled, run.counts.audits_total) == (0, 0, 0)
    assert (await reader.graph(1)).nodes == nodes
    assert await reader.past_executions(run, "a", limit=5) == []


# -- half-written intervals -------------------------------------------------------------------------------------


def day(number: int, days: int = 1) -> Interval:
    begin = BEGIN.replace(hour=0) + timedelta(days=number)
    return Interval(start=begin, end=begin + timedelta(days=days))


async def a_torn_run(writer: StoreWriter) -> None:
    """It was stopped while it rewrote two days of a model."""
    await writer.create_run(request(1, kind="plan", job=None, options={"apply": True}))
    torn = IntervalInterrupted(ts=moment(1), model="a", interval=day(1, days=2))
    await happen(writer, 1, started(), graph("a"), torn)


async def load(writer: StoreWriter, number: int, *days: Interval, environment: str = "prod") -> None:
    batches = [
        ModelProgress(ts=moment(1), model="a", batch=place, batches=len(days), interval=each)
        for place, each in enumerate(days, 1)
    ]
    await a_run(writer, number, *batches, model("a"), environment=environment)


async def test_what_a_stopped_run_left_half_written_is_told_until_it_is_loaded_again(
    writer: StoreWriter, reader: StoreReader
) -> None:
    await a_torn_run(writer)
    assert (await health(writer, reader)).torn == (), "it still goes on"
    await happen(writer, 1, finished(RunStatus.CANCELLED))
    torn = (TornRun(run_id=1, models=("a",)),)
    assert (await health(writer, reader)).torn == torn

    await load(writer, 2, day(1))
    await load(writer, 3, day(0), day(3))
    await load(writer, 4, day(1), day(2), environment="dev")
    assert (await health(writer, reader)).torn == torn, "nobody has loaded all of it there"

    await load(writer, 5, day(0), day(1), day(2))
    assert (await health(writer, reader)).torn == ()
    assert [each.repaired_by for each in await reader.interrupted_intervals(1)] == [5]


async def test_a_repair_ends_it(writer: StoreWriter, reader: StoreReader) -> None:
    await a_torn_run(writer)
    await happen(writer, 1, finished(RunStatus.CANCELLED))
    await a_run(writer, 2, IntervalRepaired(ts=moment(2), run=1, model="a", interval=day(1, days=2)))

    assert (await health(writer, reader)).torn == ()


# -- a great many runs ------------------------------------------------------------------------------------------


async def test_health_is_looked_up_and_never_searched_for(
    writer: StoreWriter, reader: StoreReader, database: Path
) -> None:
    """However many runs there are: none of the queries goes through a table."""
    statements: list[str] = []
    await a_failed_run(writer)
    await writer.sync_workspace("analytics", PROJECTS, PLACES, ())
    await reader._connection.set_trace_callback(statements.append)
    await reader.health()
    await reader.triage.unhandled()

    with closing(sqlite3.connect(database)) as connection:
        for statement in statements:
            for *_, step in connection.execute(f"EXPLAIN QUERY PLAN {statement}"):
                large = ("runs", "model_executions", "audits", "interrupted_intervals", "torn")
                assert not any(step == f"SCAN {table}" for table in large), (step, statement)
    assert len(statements) > 3

"""The causes of failures: recorded with the events, found again by run, by history and by filter."""

import sqlite3
from contextlib import closing
from pathlib import Path

from store.causes import Failure
from store.events import AuditFinished, ModelFinished, StepFinished, StepStarted
from store.filters import RunFilter
from store.reads import StoreReader
from store.status import AuditStatus, ModelStatus, RunStatus, StepStatus
from store.writes import StoreWriter
from tests.store.making import finished, happen, moment, request, started

MISSING = 'Runtime Error in model {0} (models/{0}.sql)\n  Binder Error: Referenced column "{1}" not found!'


def broken(model: str, column: str = "tailnum") -> ModelFinished:
    error = MISSING.format(model, column)
    return ModelFinished(ts=moment(2), model=f"model.p.{model}", status=ModelStatus.FAILED, error=error)


def audited(name: str, status: AuditStatus, error: str | None = None) -> AuditFinished:
    return AuditFinished(ts=moment(3), audit=f"test.p.{name}", name=name, status=status, error=error)


async def failed_run(writer: StoreWriter, run_id: int, *found: ModelFinished | AuditFinished, job: str = "nightly",
                     reason: str | None = None) -> None:  # fmt: skip
    await writer.create_run(request(run_id, job=job))
    await happen(writer, run_id, started(), *found, finished(RunStatus.FAILED, reason=reason))


async def test_many_failures_are_few_causes(writer: StoreWriter, reader: StoreReader) -> None:
    await failed_run(
        writer, 1, broken("a"), broken("b", "carrier"), broken("c"),
        audited("few", AuditStatus.FAILED, "Got 3 results"), audited("good", AuditStatus.PASSED),
    )  # fmt: skip

    causes = await reader.causes(1)

    assert [(cause.count, cause.runs) for cause in causes] == [(3, 1), (1, 1)]
    assert causes[0].pattern == 'Binder Error: Referenced column "…" not found!'
    failures = await reader.failures(1)
    assert [failure.node for failure in failures] == ["model.p.a", "model.p.b", "model.p.c", "test.p.few"]
    assert failures[1].sentence == 'Binder Error: Referenced column "carrier" not found!'
    assert {failure.cause for failure in failures[:3]} == {causes[0].key}


async def test_first_and_last_seen_are_of_the_whole_history(writer: StoreWriter, reader: StoreReader) -> None:
    await failed_run(writer, 1, broken("a"))
    await failed_run(writer, 2, audited("few", AuditStatus.FAILED))
    await failed_run(writer, 3, broken("b"), job="hourly")
    await failed_run(writer, 4, broken("c"))

    [cause] = await reader.causes(3)

    assert (cause.runs, cause.first.run_id, cause.last.run_id) == (3, 1, 4)
    assert (cause.first.at, cause.last.at) == (moment(1), moment(4))


async def test_causes_among_chosen_runs(writer: StoreWriter, reader: StoreReader) -> None:
    await failed_run(writer, 1, broken("a"), broken("b"))
    await failed_run(writer, 2, audited("few", AuditStatus.FAILED), job="hourly")
    await failed_run(writer, 3, broken("c", "carrier"))

    everything = await reader.causes_among(RunFilter())
    assert [(cause.count, cause.runs, cause.last.run_id) for cause in everything] == [(3, 2, 3), (1, 1, 2)]
    assert '"carrier"' in everything[0].sentence, "the latest is the example"
    assert [cause.count for cause in await reader.causes_among(RunFilter(job="hourly"))] == [1]
    assert [cause.count for cause in await reader.causes_among(RunFilter(), last=2)] == [1, 1]
    [late] = await reader.causes_among(RunFilter(), since=moment(3))
    assert (late.count, late.first.run_id) == (1, 1)


async def test_a_filter_finds_the_runs_that_failed_alike(writer: StoreWriter, reader: StoreReader) -> None:
    await failed_run(writer, 1, broken("a"))
    await failed_run(writer, 2, audited("few", AuditStatus.FAILED))
    await failed_run(writer, 3, broken("b"))
    [cause] = await reader.causes(1)

    alike = RunFilter(cause=cause.key[:6])

    assert [run.id for run in await reader.runs(alike, 10)] == [3, 1]
    assert await reader.count_runs(alike) == 2
    assert [run.id for run in await reader.runs_at(alike, 1, 10)] == [1]
    assert await reader.runs(RunFilter(cause="0" * 12), 10) == []


async def test_the_step_is_the_cause_where_no_model_is(writer: StoreWriter, reader: StoreReader) -> None:
    await writer.create_run(request(1))
    await happen(
        writer, 1, started(),
        StepStarted(ts=moment(1), step=1, name="deps", command=("dbt", "deps")),
        StepFinished(ts=moment(2), step=1, status=StepStatus.FAILED, exit_code=2),
        finished(RunStatus.FAILED, reason="The package hub does not answer."),
    )  # fmt: skip
    await failed_run(writer, 2, reason="timed out after 60 s; may be half-updated: a")
    await failed_run(writer, 3, broken("a"), reason="1 model failed: a")

    assert [(found.kind, found.node) for found in await reader.failures(1)] == [("step", "1")]
    assert [(found.kind, found.sentence) for found in await reader.failures(2)] == [
        ("run", "timed out after 60 s; may be half-updated: a")
    ]
    assert [found.kind for found in await reader.failures(3)] == ["model"]


async def test_what_runroom_broke_is_a_cause_too(writer: StoreWriter, reader: StoreReader) -> None:
    await writer.create_run(request(1))
    await happen(writer, 1, started(), finished(RunStatus.ERROR, reason="worker (pid 12) disappeared"))
    assert [(found.kind, found.sentence) for found in await reader.failures(1)] == [
        ("run", "worker (pid 12) disappeared")
    ]


async def test_what_succeeds_at_last_is_no_failure(writer: StoreWriter, reader: StoreReader) -> None:
    await writer.create_run(request(1))
    await happen(writer, 1, started(), broken("a"), audited("few", AuditStatus.ERROR, "no such table"))
    assert len(await reader.failures(1)) == 2
    await happen(
        writer, 1,
        ModelFinished(ts=moment(4), model="model.p.a", status=ModelStatus.SUCCEEDED),
        audited("few", AuditStatus.PASSED), finished(),
    )  # fmt: skip
    assert await reader.failures(1) == []


async def test_a_deleted_run_leaves_no_cause_behind(writer: StoreWriter, reader: StoreReader) -> None:
    await failed_run(writer, 1, broken("a"))
    await writer.delete_run(1)
    assert await reader.causes_among(RunFilter()) == []


def forget_causes(database: Path) -> None:
    """The record as a Runroom without fingerprints left it, and as the migration finds it."""
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("DELETE FROM failures")
        connection.execute(
            "INSERT INTO runs_without_fingerprints SELECT id FROM runs WHERE status IN ('failed', 'error')"
        )


async def test_former_failures_are_caught_up_with(database: Path, writer: StoreWriter, reader: StoreReader) -> None:
    await failed_run(writer, 1, broken("a"), audited("few", AuditStatus.FAILED, "Got 3 results"))
    await failed_run(writer, 2, reason="timed out after 60 s")
    await writer.create_run(request(3))
    await happen(writer, 3, started(), finished(RunStatus.ERROR, reason="worker disappeared"))
    before: list[list[Failure]] = [await reader.failures(run_id) for run_id in (1, 2, 3)]
    forget_causes(database)

    portions = [(await writer.catch_up_with_failures(2))[1] for _ in range(3)]

    assert portions == [(3, 2), (1,), ()]
    assert [await reader.failures(run_id) for run_id in (1, 2, 3)] == before


async def test_a_cause_is_looked_up_by_index(database: Path, writer: StoreWriter) -> None:
    sql, values = RunFilter(cause="ab12cd").where()
    with closing(sqlite3.connect(database)) as connection:
        plan = connection.execute(f"EXPLAIN QUERY PLAN SELECT id FROM runs WHERE {sql}", values).fetchall()
    assert any("failures_by_fingerprint" in row[3] for row in plan)

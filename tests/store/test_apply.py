"""A journal reaches the store exactly once, in whatever portions it comes and however often they come again."""

import asyncio
import tempfile
from collections.abc import Sequence
from datetime import timedelta
from functools import cache
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from store import events
from store.events import AnyEvent
from store.reads import StoreReader
from store.status import AuditStatus, ModelStatus, RunStatus, StepStatus
from store.writes import JournalEntry, StoreWriter
from tests.simulated_run import Scenario, run_events
from tests.store.making import BEGIN, finished, happen, moment, numbered, request, started, stopping
from tests.support.dumping import Dump, dump

MODELS = ("project.a", "project.b", '"db"."main"."c"')
models = st.sampled_from(MODELS)
times = st.integers(1, 3600).map(moment)
days = st.integers(0, 3).map(
    lambda day: events.Interval(start=BEGIN + timedelta(days=day), end=BEGIN + timedelta(days=day + 1))
)
small = st.integers(0, 50)
steps = st.integers(1, 3)
model_changes = st.builds(events.ModelChange, model=models, change=st.just("added"))
happenings: st.SearchStrategy[AnyEvent] = st.one_of(
    st.builds(events.StepStarted, ts=times, step=steps, name=st.just("build"), process_group=st.none() | small),
    st.builds(
        events.StepFinished, ts=times, step=steps, status=st.sampled_from(StepStatus), exit_code=st.none() | small
    ),
    st.builds(
        events.Graph,
        ts=times,
        nodes=st.lists(
            st.builds(events.GraphNode, model=models, name=st.just("n"), kind=st.just("model"), selected=st.booleans()),
            max_size=3,
        ),
        audits=st.lists(
            st.builds(events.GraphAudit, audit=st.just("t"), name=st.just("t"), selected=st.booleans()), max_size=3
        ),
    ),
    st.builds(events.Changes, ts=times, changes=st.lists(model_changes, max_size=2)),
    st.builds(events.ModelQueued, ts=times, model=models, batches=st.none() | small),
    st.builds(events.ModelStarted, ts=times, model=models),
    st.builds(
        events.ModelProgress,
        ts=times, model=models, batch=small, batches=small, interval=st.none() | days, finished=st.booleans(),
        rows=st.none() | small,
    ),
    st.builds(
        events.ModelFinished, ts=times, model=models, status=st.sampled_from(ModelStatus), rows=st.none() | small,
        intervals=st.lists(days, max_size=2),
    ),
    st.builds(
        events.AuditFinished, ts=times, audit=st.sampled_from(["t", "u"]), name=st.just("t"),
        status=st.sampled_from(AuditStatus), interval=st.none() | days,
    ),
    st.builds(events.ArtifactWritten, ts=times, path=st.sampled_from(["x", "y"]), kind=st.just("sql"), size=small),
    st.builds(events.Notice, ts=times, text=st.just("a notice")),
    st.builds(events.PlanSummary, ts=times, details=st.dictionaries(st.just("k"), small)),
    st.builds(events.ModelWaiting, ts=times, model=models, signal=st.just("s"), text=st.just("waits")),
    st.builds(events.EnvironmentState, ts=times, environment=st.sampled_from(["prod", "dev"]), models=small),
    st.builds(events.IntervalInterrupted, ts=times, model=models, interval=days),
    st.builds(events.IntervalRepaired, ts=times, run=st.just(1), model=models, interval=days),
    st.builds(events.ToolIdentified, ts=times, tool=st.just("dbt"), version=st.just("1.11")),
    st.builds(events.PackagesFound, ts=times, versions=st.just({"dbt-duckdb": "1.11.1"})),
)  # fmt: skip


@st.composite
def journals(draw: st.DrawFn) -> list[JournalEntry]:
    """A run from its start to its end, or to somewhere; notices of the engine's own have no number."""
    middle = draw(st.lists(happenings, max_size=25))
    last: list[AnyEvent] = draw(st.sampled_from([[], [finished()], [stopping(), finished(RunStatus.CANCELLED)]]))
    entries = numbered([started(), *middle, *last])
    for place in draw(st.lists(st.integers(0, len(entries) - 1), max_size=2)):
        notice = events.Notice(ts=moment(1), text="a line was unreadable", seq=0)
        entries[place] = JournalEntry(entries[place].end, notice) if place > 0 else entries[place]
    return entries


@st.composite
def readings(draw: st.DrawFn, length: int) -> list[tuple[int, int]]:
    """Portions from..to that cover the journal; some begin before where the last one ended, as after a crash."""
    found: list[tuple[int, int]] = []
    end = 0
    while end < length:
        begin = draw(st.integers(0, end))
        end = draw(st.integers(end + 1, length))
        found.append((begin, end))
    return found


@cache
def _with_one_run() -> bytes:
    """The file of a store in which a run was asked for."""

    async def make(database: Path) -> None:
        async with StoreWriter.open(database) as writer:
            await writer.sync_workspace("analytics", [], [], [])
            await writer.create_run(request(1))

    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder, "store.db")
        asyncio.run(make(database))
        return database.read_bytes()


async def _apply(database: Path, entries: Sequence[JournalEntry], portions: Sequence[tuple[int, int]]) -> None:
    async with StoreWriter.open(database) as writer:
        for begin, end in portions:
            await writer.apply(1, entries[begin:end], entries[end - 1].end)


def _in_portions(entries: Sequence[JournalEntry], portions: Sequence[tuple[int, int]]) -> Dump:
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder, "store.db")
        database.write_bytes(_with_one_run())
        asyncio.run(_apply(database, entries, portions))
        return dump(database, frozenset({"change"}))


@settings(max_examples=40)
@given(st.data())
def test_portions_and_repetitions_make_no_difference(data: st.DataObject) -> None:
    entries = data.draw(journals())
    portions = data.draw(readings(len(entries)))

    assert _in_portions(entries, portions) == _in_portions(entries, [(0, len(entries))])


def test_a_whole_run_line_by_line_is_the_run_at_once() -> None:
    error = "Runtime Error\n  Binder Error: no such column"
    entries = numbered(run_events(Scenario(BEGIN, errors={"int_delays": error})))
    line_by_line = [(max(0, end - 2), end) for end in range(1, len(entries) + 1)]

    assert _in_portions(entries, line_by_line) == _in_portions(entries, [(0, len(entries))])


async def test_an_older_position_does_not_take_the_store_back(writer: StoreWriter) -> None:
    """Two readings of one journal may overlap: the one that saw less must not win."""
    await writer.create_run(request(1))
    entries = numbered([started(), events.Notice(ts=moment(1), text="one"), finished()])
    await writer.apply(1, entries, entries[-1].end)

    await writer.apply(1, entries[:1], entries[0].end)

    assert (await writer.journal_position(1)).offset == entries[-1].end


async def test_counts_are_what_the_rows_say(writer: StoreWriter, reader: StoreReader) -> None:
    await writer.create_run(request(1))
    await happen(writer, 1, *run_events(Scenario(BEGIN, errors={"int_delays": "Runtime Error\n  broken"})))

    counts = (await reader.run(1)).counts
    executions = [model.status for model in await reader.models(1)]
    audits = [audit.status for audit in await reader.audits(1)]
    assert counts.models_failed == executions.count(ModelStatus.FAILED) == 1
    assert counts.models_succeeded == executions.count(ModelStatus.SUCCEEDED) > 0
    assert counts.models_skipped == executions.count(ModelStatus.SKIPPED) > 0
    assert counts.models_total == counts.models_done == len(executions)
    assert counts.audits_passed == audits.count(AuditStatus.PASSED) > 0
    assert counts.audits_total == counts.audits_done == len(audits)


async def test_a_run_that_goes_on_counts_what_it_means_to_execute(writer: StoreWriter, reader: StoreReader) -> None:
    nodes = [events.GraphNode(model=m, name=m, kind="model", selected=m != "c") for m in ("a", "b", "c")]
    audits = [events.GraphAudit(audit=a, name=a, selected=True) for a in ("x", "y")]
    await writer.create_run(request(1))
    await happen(
        writer, 1, started(), events.Graph(ts=moment(1), nodes=tuple(nodes), audits=tuple(audits)),
        events.ModelStarted(ts=moment(2), model="a"),
        events.AuditFinished(ts=moment(3), audit="x", name="x", status=AuditStatus.WARNED),
    )  # fmt: skip

    counts = (await reader.run(1)).counts
    assert (counts.models_total, counts.models_running, counts.models_done) == (2, 1, 0)
    assert (counts.audits_total, counts.audits_warned, counts.audits_done) == (2, 1, 1)


async def test_the_end_of_a_run_ends_what_nobody_ended(writer: StoreWriter, reader: StoreReader) -> None:
    await writer.create_run(request(1))
    await happen(
        writer, 1, started(),
        events.StepStarted(ts=moment(1), step=1, name="build"),
        events.ModelStarted(ts=moment(2), model="running"),
        events.ModelQueued(ts=moment(2), model="queued"),
        events.ModelFinished(ts=moment(3), model="done", status=ModelStatus.SUCCEEDED),
        finished(RunStatus.ERROR, 9, "worker disappeared"),
    )  # fmt: skip

    found = {model.name: (model.status, model.interrupted) for model in await reader.models(1)}
    assert found == {
        "running": (ModelStatus.CANCELLED, True),
        "queued": (ModelStatus.CANCELLED, False),
        "done": (ModelStatus.SUCCEEDED, False),
    }
    assert [(step.status, step.finished_at) for step in await reader.steps(1)] == [(StepStatus.CANCELLED, moment(9))]
    run = await reader.run(1)
    assert (run.status, run.status_reason, run.finished_at) == (RunStatus.ERROR, "worker disappeared", moment(9))


async def test_batches_add_up(writer: StoreWriter, reader: StoreReader) -> None:
    day = events.Interval(start=BEGIN, end=BEGIN + timedelta(days=1))
    next_day = events.Interval(start=day.end, end=day.end + timedelta(days=1))
    await writer.create_run(request(1))
    await happen(
        writer, 1, started(),
        events.ModelStarted(ts=moment(1), model="m"),
        events.ModelProgress(ts=moment(2), model="m", batch=1, batches=3, interval=day, rows=5),
        events.ModelProgress(ts=moment(3), model="m", batch=2, batches=3, interval=next_day, rows=7),
        events.ModelProgress(ts=moment(4), model="m", batch=3, batches=3, finished=False),
    )  # fmt: skip

    model = (await reader.models(1))[0]
    assert (model.batch, model.batches, model.rows) == (2, 3, 12)
    assert model.intervals == (day, next_day)


async def test_an_older_state_of_an_environment_does_not_replace_a_newer_one(
    writer: StoreWriter, reader: StoreReader
) -> None:
    await writer.create_run(request(1))
    await writer.record_environments("flights", [events.EnvironmentState(ts=moment(50), environment="prod", models=9)])

    await happen(writer, 1, started(), events.EnvironmentState(ts=moment(20), environment="prod", models=1))

    assert (await reader.environment_states("flights"))["prod"].models == 9


async def test_a_run_that_starts_waits_for_nobody_any_more(writer: StoreWriter, reader: StoreReader) -> None:
    await writer.create_run(request(1))
    await writer.set_waiting(1, 9, "waits for #9, which works in flights/prod")

    await happen(writer, 1, started())

    run = await reader.run(1)
    assert (run.waits_for, run.status_reason) == (None, None)

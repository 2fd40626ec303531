"""What to know of a model at a glance."""

from datetime import UTC, datetime

from store.events import EnvironmentState, Interval, ModelIntervals
from store.lineage.graph import lineage_of
from store.lineage.intervals import times_of
from store.lineage.overview import DURATIONS_SHOWN, ModelOverview, read_overview
from store.lineage.reading import Reading, environment_state
from store.models import Environment, Job, Project
from store.paths import WorkspacePaths
from store.run_record import read_record
from store.status import ModelStatus
from store.writes import StoreWriter
from tests.store.lineage.recorded_runs import QUERIES, execute, fqn
from tests.store.making import moment

LATE = fqn("marts.late")
NOW = datetime(2026, 11, 21, 12, 30, tzinfo=UTC)


async def overview(reading: Reading, run_id: int) -> ModelOverview:
    record = await read_record(reading.reader, run_id)
    lineage = lineage_of(await reading.reader.graph(run_id), record.models.values())
    return await read_overview(reading.reader, record, lineage, LATE, NOW)


async def test_the_last_thirty_durations_runs_and_plans(
    writer: StoreWriter, paths: WorkspacePaths, reading: Reading
) -> None:
    only = {"marts.late": QUERIES["marts.late"]}
    for run_id in range(1, 36):
        kind, failed = "plan" if run_id % 5 == 0 else "run", "marts.late" if run_id == 34 else None
        await execute(writer, paths, run_id, only, kind=kind, failed=failed, options={"apply": kind == "plan"})
    await execute(writer, paths, 36, {})
    await execute(writer, paths, 37, only)

    found = await overview(reading, 37)

    assert [each.run_id for each in found.durations] == [*range(37 - DURATIONS_SHOWN, 36), 37]
    assert found.durations[-1].duration_s == 37.0
    assert [each.run.id for each in found.runs] == [34, 33, 32, 31, 29], "36 did not execute it, 35 is a plan"
    assert [each.execution.status for each in found.runs if each.execution][:2] == [
        ModelStatus.FAILED,
        ModelStatus.SUCCEEDED,
    ]
    assert [each.run.id for each in found.plans] == [35, 30, 25, 20, 15]
    assert found.previous is not None
    assert (found.previous.run.id, found.previous.execution) == (36, None)
    assert found.last_plan is not None
    assert found.last_plan.run.id == 35
    assert (found.node.owner, found.node.tags) == ("anna", ("core",))
    assert found.execution is not None
    assert found.execution.status is ModelStatus.SUCCEEDED


async def test_next_is_the_job_with_a_schedule_where_the_tool_says_nothing(
    writer: StoreWriter, paths: WorkspacePaths, reading: Reading
) -> None:
    jobs = [
        Job(project="flights", name="late", environment="prod", steps=("run",), schedule="0 20 * * *"),
        Job(project="flights", name="hourly", environment="prod", steps=("run",), schedule="0 * * * *"),
        Job(project="flights", name="elsewhere", environment="dev", steps=("run",), schedule="* * * * *"),
        Job(project="flights", name="by hand", environment="prod", steps=("run",)),
    ]
    await _workspace(writer, jobs)
    await execute(writer, paths, 1)
    found = await overview(reading, 1)
    assert (found.next_at, found.schedule) == (datetime(2026, 11, 21, 13, tzinfo=UTC), "hourly")

    await execute(writer, paths, 2, {"raw.flights": "SELECT 1"}, job="hourly")
    await execute(writer, paths, 3, job="hourly", options={"select": ["marts.late"]})
    found = await overview(reading, 1)
    assert (found.next_at, found.schedule) == (datetime(2026, 11, 21, 20, tzinfo=UTC), "late"), "hourly leaves it out"


async def test_the_models_own_cron_goes_first_and_its_intervals_are_known(
    writer: StoreWriter, paths: WorkspacePaths, reading: Reading
) -> None:
    await _workspace(
        writer, [Job(project="flights", name="hourly", environment="prod", steps=("run",), schedule="0 * * * *")]
    )
    await execute(writer, paths, 1)
    day = Interval(start=moment(0), end=moment(86_400))
    due = datetime(2026, 11, 22, tzinfo=UTC)
    told = ModelIntervals(model=LATE, name="marts.late", cron="@daily", missing=(day,), missing_count=1, next_at=due)
    await writer.record_environments(
        "flights", [EnvironmentState(ts=moment(90), environment="main", intervals=(told,))]
    )

    found = await overview(reading, 1)
    assert (found.next_at, found.schedule) == (due, "@daily")

    record = await read_record(reading.reader, 1)
    times = times_of(record, await environment_state(reading.reader, record.run), LATE)
    assert (times.missing, times.missing_count, times.is_known, times.read_at) == ((day,), 1, True, moment(90))
    other = times_of(record, await environment_state(reading.reader, record.run), fqn("marts.board"))
    assert (other.is_known, other.missing) == (False, ())


async def _workspace(writer: StoreWriter, jobs: list[Job]) -> None:
    project = Project(name="flights", tool="sqlmesh", path="/projects/flights")
    environment = Environment(project="flights", name="prod", target="main")
    await writer.sync_workspace("w", [project], [environment], jobs)

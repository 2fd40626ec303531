"""How fresh dbt's models are, by the schedules of the jobs that build them."""

from datetime import datetime, timedelta

import pytest

from store import events
from store.builds import ModelBuild
from store.models import Job
from store.status import ModelStatus, RunStatus
from tests.tui.conftest import WorldMaker
from tests.tui.staging import staged_app, until_shown
from tests.worlds import NOW
from tui.build_freshness import BuildFreshness, last_fires, model_freshness
from tui.freshness import fresh_models
from tui.overview import read_overview

HOURLY = Job(project="p", name="hourly", environment="e", steps=("build",), schedule="2 * * * *")
NIGHTLY = Job(project="p", name="nightly", environment="e", steps=("build",), schedule="0 3 * * *")
BY_HAND = Job(project="p", name="by_hand", environment="e", steps=("build",))
"""It is 14:04: HOURLY fired at 14:02 and 13:02, NIGHTLY at 3:00 today and yesterday."""


def built(minutes_ago: float | None) -> list[ModelBuild]:
    at = None if minutes_ago is None else NOW - timedelta(minutes=minutes_ago)
    return [ModelBuild("model.p.a", "a", at)]


@pytest.mark.parametrize(
    ("minutes_ago", "word"),
    [(1, "complete"), (2, "complete"), (3, "pending"), (62, "pending"), (63, "behind"), (None, "behind")],
)
def test_a_model_is_due_whenever_its_job_is(minutes_ago: float | None, word: str) -> None:
    (fresh,) = model_freshness([HOURLY], {"hourly": built(minutes_ago)}, NOW)

    assert (fresh.name, fresh.word) == ("a", word)
    assert fresh.next_at == NOW + timedelta(minutes=58)


def test_of_two_jobs_the_one_that_is_later_counts() -> None:
    (fresh,) = model_freshness([NIGHTLY, HOURLY], {"nightly": built(63), "hourly": built(63)}, NOW)

    assert fresh.word == "behind"
    assert fresh.next_at == NOW + timedelta(minutes=58)


def test_what_no_schedule_builds_is_never_due() -> None:
    (fresh,) = model_freshness([BY_HAND], {"by_hand": built(9_999)}, NOW)

    assert (fresh.word, fresh.next_at) == (None, None)


@pytest.mark.parametrize(
    ("schedule", "fires"),
    [
        ("* * * * *", [datetime(2026, 11, 21, 14, 3), datetime(2026, 11, 21, 14, 4)]),
        ("0 3 * * *", [datetime(2026, 11, 20, 3), datetime(2026, 11, 21, 3)]),
        ("0 0 1 */6 *", [datetime(2026, 1, 1), datetime(2026, 7, 1)]),
        ("0 0 29 2 *", []),
    ],
)
def test_the_last_fires_are_found_however_rare(schedule: str, fires: list[datetime]) -> None:
    job = HOURLY.model_copy(update={"schedule": schedule})

    assert last_fires(job, NOW) == [fire.replace(tzinfo=NOW.tzinfo) for fire in fires]


async def test_what_was_built_since_its_schedule_is_complete_though_the_last_run_failed(make_world: WorldMaker) -> None:
    world = make_world("failed")
    async with world.services.reads() as reader:
        overview = await BuildFreshness().added(reader, await read_overview(reader), NOW)
    shown = {f"{each.place.project}/{each.place.environment}": fresh_models([each]).plain
             for each in overview.environments if each.tool == "dbt"}  # fmt: skip

    # Nightly went well at noon, by hand, and failed at 13:02; of hourly there is no run, so it makes nothing due.
    assert shown == {"flights/prod": "23/23", "flights/staging": "no schedule", "flights/dev": "–"}


async def test_a_night_that_was_missed_leaves_models_behind(make_world: WorldMaker) -> None:
    world = make_world("idle")
    async with world.services.reads() as reader:
        overview = await BuildFreshness().added(reader, await read_overview(reader), NOW)
        later = await BuildFreshness().added(reader, overview, NOW - timedelta(days=1))

    assert fresh_models(overview.environments[:1]).plain == "0/23, 23 behind"
    assert fresh_models(later.environments[:1]).plain == "0/23, 23 pending"


async def test_a_run_that_ends_is_read_again(make_world: WorldMaker) -> None:
    world = make_world("idle")
    freshness = BuildFreshness()
    async with world.services.reads() as reader:
        await freshness.added(reader, await read_overview(reader), NOW)
        run_id = await world.ask("nightly")
        model = (await reader.models(world.runs["night-2"]))[0]
        begin = events.RunStarted(ts=NOW, pid=1, pid_started=1.0, host="lab-1", tool="dbt")
        await world.happen(
            run_id, begin,
            events.ModelQueued(ts=NOW, model=model.model, name=model.name, kind=model.kind),
            events.ModelStarted(ts=NOW, model=model.model),
            events.ModelFinished(ts=NOW, model=model.model, status=ModelStatus.SUCCEEDED),
            events.RunFinished(ts=NOW, status=RunStatus.COMPLETED),
        )  # fmt: skip
        overview = await freshness.added(reader, await read_overview(reader), NOW)

    assert fresh_models(overview.environments[:1]).plain == "1/1"


async def test_the_page_of_an_environment_lists_them(make_world: WorldMaker) -> None:
    async with staged_app(make_world("idle")).run_test(size=(100, 30)) as pilot:
        await until_shown(pilot, "#13")
        await pilot.press("shift+tab", "shift+tab", "j", "j", "i")
        await until_shown(pilot, "✗ behind       dim_aircraft")
        await until_shown(pilot, "By the schedules of the jobs")

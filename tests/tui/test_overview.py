"""How the workspace stands."""

from datetime import UTC, datetime

from store.models import Job
from store.status import RunStatus
from tests.tui.conftest import WorldMaker
from tests.worlds import JOBS, NOW
from tui.overview import EVERYWHERE, Place, next_start, read_overview
from tui.widgets.environment_list import health
from tui.widgets.place_summary import cards


async def test_health_counts_the_failures_that_nobody_handles(make_world: WorldMaker) -> None:
    world = make_world("queued")
    async with world.services.reads() as reader:
        overview = await read_overview(reader)

    shown = {str(state.place.project) + "/" + str(state.place.environment): health(state).plain
             for state in overview.environments}  # fmt: skip
    # The running and the skipped run say nothing about how well the environment is; the lost one is a failure.
    assert shown == {
        "flights/prod": "● ✗ 1",
        "flights/staging": "✗ 1",
        "flights/dev": "–",
        "flights_mesh/prod": "○ ✓",
        "flights_mesh/dev_anna": "✓",
    }
    assert overview.running == 1
    assert overview.last_id == world.runs["error"]


async def test_places_hold_what_is_in_them(make_world: WorldMaker) -> None:
    async with make_world("failed").services.reads() as reader:
        overview = await read_overview(reader)

    assert len(overview.within(EVERYWHERE)) == 5
    assert [state.environment.name for state in overview.within(Place("flights"))] == ["prod", "staging", "dev"]
    assert [job.name for job in overview.jobs_within(Place("flights", "prod"))] == ["nightly", "hourly"]


async def test_the_figures_of_one_environment(make_world: WorldMaker) -> None:
    async with make_world("failed").services.reads() as reader:
        overview = await read_overview(reader)
    place = Place("flights", "prod")
    found = {card.label: card.value.plain for card in cards(overview.within(place), overview.jobs_within(place), NOW)}

    assert found["last run"] == "✗ failed 58m ago"
    assert found["failing"] == "1"
    assert found["models"] == "23"
    assert found["took"] == "3m 46s"
    assert found["next"] == "in 58m"


async def test_a_workspace_in_which_nothing_ran(make_world: WorldMaker) -> None:
    async with make_world("empty").services.reads() as reader:
        overview = await read_overview(reader)

    assert overview.last_id == 0
    assert {state.last_run for state in overview.environments} == {None}
    assert RunStatus.FAILED not in {run.status for run in overview.active}


def test_the_next_start_is_read_in_the_zone_of_the_job() -> None:
    job = Job(project="p", name="j", environment="e", steps=("build",), schedule="0 3 * * *", timezone="Asia/Tokyo")

    assert next_start((job,), NOW) == datetime(2026, 11, 21, 18, 0, tzinfo=UTC)
    assert next_start(JOBS, NOW) == datetime(2026, 11, 21, 15, 2, tzinfo=UTC)
    assert next_start((), NOW) is None

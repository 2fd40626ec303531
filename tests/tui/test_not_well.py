"""Why environments are not well, and what a run looks like that is no plain success."""

from dataclasses import replace

import pytest

from store import events
from store.events import EnvironmentState
from store.models import Environment, FailingNode, Run, RunOptions, TornRun
from store.run_failures import headline
from store.run_record import RunRecord
from store.status import AuditStatus, ModelStatus, RunStatus
from tests.tui.conftest import WorldMaker
from tests.tui.run.records import a_run
from tests.worlds import NOW
from tui import formats
from tui.not_well import explanation
from tui.overview import EnvironmentGlance, Place, read_overview
from tui.widgets.environment_list import health
from tui.widgets.place_summary import cards


def glance(last_run: Run | None = None, last_plan: Run | None = None, **more: object) -> EnvironmentGlance:
    place = Environment(project="flights", name="dev")
    base = EnvironmentGlance(place, "dbt", last_run, last_plan, active=0, running=0, ended_plan=last_plan)
    return replace(base, **more)  # type: ignore[arg-type]


FAILING = (FailingNode(kind="model", name="int_delays", run_id=9),)
GOOD, BAD = a_run(RunStatus.COMPLETED), a_run(RunStatus.FAILED).model_copy(update={"status_reason": "a and b failed"})
OTHER = glance()


@pytest.mark.parametrize(
    ("state", "sentence", "glyph"),
    [
        (glance(GOOD), "", "✓"),
        (glance(GOOD, failing=FAILING), "✗ 1 fails: int_delays (#9)", "✗"),
        (glance(GOOD, failing=FAILING, unhandled=1), "✗ 1 fails: int_delays (#9)", "✗ 1"),
        (glance(BAD, failing=FAILING), "✗ 1 fails: int_delays (#9)", "✗"),
        (glance(BAD), "✗ a and b failed", "✗"),
        (glance(last_plan=a_run(RunStatus.PARTIAL, kind="plan")), "", "◐"),
        (glance(last_plan=BAD), "✗ a and b failed", "✗"),
        (
            glance(GOOD, torn=(TornRun(run_id=18, models=("b", "a")), TornRun(run_id=7, models=("a",)))),
            "▲ intervals of 2 models may be torn until #18, #7 is repaired: a, b",
            "▲ ✓",
        ),
    ],
    ids=["well", "one fails", "unhandled", "older failure", "last run", "plan", "failed plan", "torn"],
)
def test_the_sentence_and_the_glyph(state: EnvironmentGlance, sentence: str, glyph: str) -> None:
    assert explanation([state]).plain == sentence
    assert explanation([OTHER, state]).plain == (f"{sentence[:2]}flights/dev: {sentence[2:]}" if sentence else "")
    assert health(state).plain == glyph


def test_a_plan_that_was_left_half_way_is_told() -> None:
    left = glance(GOOD, state=EnvironmentState(ts=NOW, environment="dev", unfinalised=True))
    assert explanation([left]).plain == "◐ left half-way by a plan; apply a plan to heal it"


def test_many_failures_are_counted_and_a_few_named() -> None:
    nodes = tuple(FailingNode(kind="audit", name=f"check_{number}", run_id=number) for number in (9, 8, 7, 6))
    sentence = "✗ 4 fail: check_9 (#9), check_8 (#8), check_7 (#7) and 1 more"
    assert explanation([glance(GOOD, failing=nodes)]).plain == sentence


async def test_what_another_job_runs_well_leaves_the_failing_model_in_the_figures(make_world: WorldMaker) -> None:
    world = make_world("failed")
    hourly = await world.ask("hourly")
    started = events.RunStarted(ts=NOW, pid=1, pid_started=1.0, host="lab-1", tool="dbt")
    built = events.ModelFinished(ts=NOW, model="model.flights.stg_planes", status=ModelStatus.SUCCEEDED)
    await world.happen(hourly, started, built, events.RunFinished(ts=NOW, status=RunStatus.COMPLETED))
    async with world.services.reads() as reader:
        (state,) = (await read_overview(reader)).within(Place("flights", "prod"))

    assert state.last_run is not None
    assert state.last_run.id == hourly
    shown = {card.label: card.value.plain for card in cards((state,), (), NOW)}
    assert shown["failing"] == "1"
    assert explanation([state]).plain == f"✗ 1 fails: int_delays (#{world.runs['failed']})"


def test_what_is_no_plain_success_does_not_look_like_one() -> None:
    shown = GOOD.model_copy(update={"kind": "plan", "preview": True})
    empty = GOOD.model_copy(update={"built_nothing": True, "options": RunOptions(select=("nope",))})
    assert formats.run_text(shown).plain == "◌ shown"
    assert formats.run_text(empty).plain == "∅ empty"
    assert formats.run_text(GOOD).plain == "✓ completed"
    assert formats.run_look(BAD.model_copy(update={"preview": True})).style == formats.MUTED
    assert formats.run_text(a_run(RunStatus.RUNNING).model_copy(update={"preview": True})).plain == "● running"


def test_an_empty_run_does_not_hide_how_the_last_one_ended() -> None:
    """A selection with a typing mistake says nothing of the environment."""
    empty = GOOD.model_copy(update={"id": 99, "built_nothing": True, "options": RunOptions(select=("nope",))})
    plan = a_run(RunStatus.PARTIAL, kind="plan").model_copy(update={"id": 98})
    assert glance(empty, plan).last_ended == plan


async def test_while_a_plan_is_applied_the_one_before_says_how_the_environment_is(make_world: WorldMaker) -> None:
    world = make_world("mesh")
    async with world.services.reads() as reader:
        (state,) = (await read_overview(reader)).within(Place("flights_mesh", "dev_anna"))

    assert state.last_plan is not None
    assert state.last_plan.id == world.runs["applying"]
    assert state.last_ended is not None
    assert state.last_ended.id == world.runs["applied"], "those after it were only shown"
    assert health(state).plain == "● ✓"


async def test_a_torn_environment_says_so_until_it_is_repaired(make_world: WorldMaker) -> None:
    world = make_world("mesh")
    async with world.services.reads() as reader:
        (state,) = (await read_overview(reader)).within(Place("flights_mesh", "prod"))

    assert [run.run_id for run in state.torn] == [world.runs["torn"]]
    assert health(state).plain.startswith("● ▲ ")


def test_the_page_of_an_empty_run_says_what_matched_nothing() -> None:
    reason = "nothing was built: nope matches nothing"
    changes = {"built_nothing": True, "options": RunOptions(select=("nope",)), "status_reason": reason}
    found = headline(RunRecord(GOOD.model_copy(update=changes)))
    assert found is not None
    assert (found.status, found.what) == (AuditStatus.WARNED, reason)
    assert headline(RunRecord(GOOD)) is None

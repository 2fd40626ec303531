"""Runs that belong together."""

from dataclasses import replace

from store.models import RunOptions
from store.status import RunStatus
from tests.tui.conftest import WorldMaker
from tests.tui.run.records import a_record, a_run
from tests.tui.run.test_run_screen import shown_run
from tests.tui.staging import staged_app, until, until_shown
from tui.run_view.links import links_of


def test_what_took_a_runs_place_comes_first() -> None:
    run = a_run(superseded_by=9, rerun_of=3, caused_by=3, options=RunOptions(repair_of=2))
    record = replace(a_record(run=run), was_run_again=True)
    assert [(link.what, link.run_id) for link in links_of(record)] == [
        ("run again as", 9),
        ("again of", 3),
        ("repairs", 2),
    ]


def test_a_later_run_of_the_job_is_no_run_again() -> None:
    assert links_of(a_record(run=a_run(superseded_by=9)))[0].text.plain == "later well in #9"


def test_what_an_ended_run_waited_for_is_of_no_interest() -> None:
    assert links_of(a_record(run=a_run(waits_for=3))) == []
    waiting = a_run(RunStatus.QUEUED, waits_for=3, finished_at=None)
    assert [link.run_id for link in links_of(a_record(run=waiting))] == [3]


async def test_a_key_follows_the_link(make_world: WorldMaker) -> None:
    world = make_world("queued")
    async with staged_app(world, world.runs["skipped"]).run_test(size=(80, 24)) as pilot:
        await until_shown(pilot, "of the same job")
        await pilot.press("O")
        await until(pilot, lambda: shown_run(pilot) == world.runs["running"], "the run that was in the way")

"""Two weeks of runs by day, and how the chart tells of them."""

from datetime import UTC, date, timedelta, timezone
from pathlib import Path

from store import events
from store.status import RunStatus
from tests.many_runs import many_runs
from tests.tui.conftest import WorldMaker
from tests.tui.staging import StagedEngine, staged_app, text_of, until, until_shown
from tests.worlds import NOW
from tui.overview import EVERYWHERE, Place
from tui.run_history import DAYS, RUNS_AT_MOST, History, HistoryBar, HistoryDay, read_history
from tui.widgets.activity import ActivityTable
from tui.widgets.history_chart import HistoryChart, history_line


async def test_every_day_has_its_runs_the_first_one_first(make_world: WorldMaker) -> None:
    world = make_world("failed")
    async with world.services.reads() as reader:
        history = await read_history(reader, EVERYWHERE, NOW, UTC)

    assert [day.date for day in history.days] == [NOW.date() - timedelta(days=ago) for ago in reversed(range(DAYS))]
    assert [bar.run_id for bar in history.days[-1].bars] == [
        world.runs["mesh"],
        world.runs["completed"],
        world.runs["failed"],
    ]
    assert history.days[-1].worst is RunStatus.FAILED
    assert history.complete
    assert history.longest is not None
    assert history.longest.run_id == world.runs["failed"]


async def test_a_day_begins_at_midnight_of_the_shown_zone(make_world: WorldMaker) -> None:
    world = make_world("failed")
    async with world.services.reads() as reader:
        history = await read_history(reader, EVERYWHERE, NOW, timezone(timedelta(hours=11)))

    # 13:02 in UTC is after midnight there: another day, that of `NOW`.
    assert history.days[-1].date == date(2026, 11, 22)
    assert [bar.run_id for bar in history.days[-1].bars] == [world.runs["failed"]]


async def test_only_the_place_counts(make_world: WorldMaker) -> None:
    world = make_world("failed")
    async with world.services.reads() as reader:
        history = await read_history(reader, Place("flights_mesh"), NOW, UTC)

    assert [bar.kind for day in history.days for bar in day.bars] == ["plan", "run"]


async def test_runs_that_never_began_took_no_time(make_world: WorldMaker) -> None:
    world = make_world("completed")
    new = await world.ask("nightly")
    await world.happen(new, events.RunFinished(ts=NOW, status=RunStatus.SKIPPED))
    async with world.services.reads() as reader:
        history = await read_history(reader, EVERYWHERE, NOW, UTC)

    assert new not in [bar.run_id for day in history.days for bar in day.bars]


async def test_a_very_busy_fortnight_is_cut_and_says_so(tmp_path: Path) -> None:
    world = await many_runs(2_000, tmp_path)
    async with world.services.reads() as reader:
        history = await read_history(reader, EVERYWHERE, NOW, UTC)

    assert not history.complete
    assert sum(len(day.bars) for day in history.days) == RUNS_AT_MOST
    line = history_line(history, None, with_heights=True).plain
    assert "the last 640 runs" in line
    assert line.startswith("…" * (DAYS - 2)), "what is not shown is not said to be empty"
    assert "more runs than fit" in history_line(history, 0, with_heights=True).plain


def _history(*days: tuple[tuple[RunStatus, float], ...]) -> History:
    return History(
        tuple(
            HistoryDay(date(2026, 11, 8 + number), tuple(HistoryBar(1, "run", *bar) for bar in bars))
            for number, bars in enumerate(days)
        )
    )


def test_the_line_shows_heights_and_failures_without_colour() -> None:
    history = _history((), ((RunStatus.COMPLETED, 10.0),), ((RunStatus.COMPLETED, 80.0),), ((RunStatus.FAILED, 5.0),))

    assert history_line(history, None, with_heights=True).plain == "·▂█✗  3 runs in 14 days, longest 1m 20s"
    assert history_line(history, None, with_heights=False).plain == "3 runs in 14 days, longest 1m 20s"
    assert "Wed 11 Nov  1 run, 5.0s, 1 ✗" in history_line(history, 3, with_heights=False).plain
    assert "Sun 08 Nov  no runs" in history_line(history, 0, with_heights=True).plain


def test_an_empty_fortnight() -> None:
    assert history_line(_history((), ()), None, with_heights=True).plain == "··  no runs in 14 days"


async def test_a_day_is_chosen_and_its_last_run_found(make_world: WorldMaker) -> None:
    world = make_world("failed")
    app = staged_app(world, engine=StagedEngine())
    async with app.run_test(size=(120, 40)) as pilot:
        await until_shown(pilot, "17 runs in 14 days")
        app.screen.query_one(HistoryChart).focus()
        await until_shown(pilot, "Sat 21 Nov  3 runs")
        await pilot.press("h", "left")
        await until_shown(pilot, "Thu 19 Nov  1 run")
        await pilot.press("l", "enter")
        table = app.screen.query_one(ActivityTable)
        await until(
            pilot, lambda: (listed := table.cursor_value) and listed.run.id == world.runs["plan"], "the plan of friday"
        )
        assert table.has_focus
        assert "17 runs in 14 days" in text_of(pilot)


async def test_the_plot_comes_and_goes_with_the_room_for_it(make_world: WorldMaker) -> None:
    app = staged_app(make_world("failed"), engine=StagedEngine())
    async with app.run_test(size=(120, 24)) as pilot:
        await until_shown(pilot, "17 runs in 14 days")
        assert "┤" not in text_of(pilot)
        await pilot.resize_terminal(120, 40)
        await until_shown(pilot, "21✗")
        await pilot.resize_terminal(120, 24)
        await until(pilot, lambda: "┤" not in text_of(pilot), "the plot to go")

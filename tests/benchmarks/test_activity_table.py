"""The list of runs at home with 1,000,000 runs beside one with 1,000: opened, paged, jumped about in, filtered.

Both apps are open at once and take every step in turns, so that a machine that does other things too slows both alike.
A step has ended when its number of runs is known and every row in view is there.
"""

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.many_runs import many_runs
from tests.tui.staging import staged_app
from tests.worlds import World
from tui.activity_filter import ActivityFilter
from tui.app import RunroomApp
from tui.screens.environments import EnvironmentsScreen
from tui.widgets.activity import ActivityTable

pytestmark = pytest.mark.timeout(1800)

FEW, MANY = 1_000, 1_000_000
ROUNDS = 7
GOAL, PAGE_S = 2.0, 0.05
"""How many times as long as with few runs a step may take with very many, but for a page that few runs do not fill."""

_PATIENCE_S = 60.0
_SIZE = (160, 45)
_EVERYTHING = ActivityFilter()


@dataclass
class Home:
    """Home over one of the workspaces, with the seconds that each step took there."""

    runs: int
    app: RunroomApp
    times: dict[str, list[float]] = field(default_factory=dict)

    @property
    def screen(self) -> EnvironmentsScreen:
        """Home itself."""
        assert isinstance(self.app.screen, EnvironmentsScreen)
        return self.app.screen

    @property
    def table(self) -> ActivityTable:
        """The list."""
        return self.screen.activity.table

    async def time(self, step: str, act: Callable[[], object]) -> None:
        """Takes a step and notes how long it took."""
        begun = time.perf_counter()
        act()
        await self.settled()
        self.times.setdefault(step, []).append(time.perf_counter() - begun)

    async def settled(self) -> None:
        """Waits until all that is in view is there."""
        deadline = time.perf_counter() + _PATIENCE_S
        there = False
        while not there:
            assert time.perf_counter() < deadline, "the list never settled"
            await asyncio.sleep(0.001)
            there = self._is_there()

    def _is_there(self) -> bool:
        if not isinstance(self.app.screen, EnvironmentsScreen):
            return False
        table = self.table
        rows = table._rows_in_view()
        if table._next_read() is not None:
            return False
        found_nothing = bool(self.screen.query_one("#activity-empty").display)
        return found_nothing or (len(rows) > 0 and all(table.row_at(row) for row in rows))


@asynccontextmanager
async def open_home(runs: int, world: World) -> AsyncIterator[Home]:
    """Home as it is when somebody has just opened it."""
    home = Home(runs, staged_app(world))
    begun = time.perf_counter()
    async with home.app.run_test(size=_SIZE) as pilot:
        await home.settled()
        home.times["open"] = [time.perf_counter() - begun]
        yield home
        home.app.workers.cancel_all()
        await pilot.pause()


def _narrow(home: Home, chosen: ActivityFilter) -> Callable[[], None]:
    return lambda: home.screen.activity.narrow(chosen)


def _steps(home: Home) -> list[tuple[str, Callable[[], object]]]:
    table = home.table
    return [
        ("page down", table.action_page_down),
        ("to the oldest", table.action_scroll_bottom),
        ("to the newest", table.action_scroll_top),
        ("to the middle", lambda: table.move_cursor(row=table.row_count // 2)),
        ("page down there", table.action_page_down),
        ("tab Failed", _narrow(home, ActivityFilter(tab="failed"))),
        ("kind plans", _narrow(home, ActivityFilter(kind="plans"))),
        ("author:ben", _narrow(home, _EVERYTHING.with_text("author:ben"))),
        ("job:hourly", _narrow(home, _EVERYTHING.with_text("job:hourly"))),
        ("Failed of ben", _narrow(home, ActivityFilter(tab="failed").with_text("author:ben"))),
        ("its middle", lambda: table.move_cursor(row=table.row_count // 2)),
        ("the word binder", _narrow(home, _EVERYTHING.with_text("binder"))),
        ("its oldest", table.action_scroll_bottom),
        ("two words", _narrow(home, _EVERYTHING.with_text("anna failed"))),
        ("no such word", _narrow(home, _EVERYTHING.with_text("zebra"))),
        ("run number 500", _narrow(home, _EVERYTHING.with_text("#500"))),
        ("begun commit", _narrow(home, _EVERYTHING.with_text("9e37"))),
        ("failed, staging", _narrow(home, ActivityFilter(tab="failed").with_text("env:staging"))),
        ("ben's hourly", _narrow(home, _EVERYTHING.with_text("author:ben job:hourly"))),
        ("scheduled, prod", _narrow(home, ActivityFilter(kind="scheduled").with_text("env:prod"))),
        ("a word in them", _narrow(home, ActivityFilter(kind="scheduled").with_text("env:prod binder"))),
        ("new failures", _narrow(home, _EVERYTHING.with_text("is:new"))),
        ("oldest first", _narrow(home, ActivityFilter(newest_first=False))),
        ("everything", _narrow(home, _EVERYTHING)),
    ]


async def test_a_million_runs_are_gone_through_as_a_thousand_are(tmp_path: Path) -> None:
    worlds = [(runs, await many_runs(runs, tmp_path / str(runs))) for runs in (FEW, MANY)]
    for _ in range(2):  # The first time files are read and modules loaded.
        homes: list[Home] = []
        async with AsyncExitStack() as stack:
            for runs, world in worlds:
                homes.append(await stack.enter_async_context(open_home(runs, world)))
            for _ in range(ROUNDS):
                for step in zip(*map(_steps, homes), strict=True):
                    for home, (name, act) in zip(homes, step, strict=True):
                        await home.time(name, act)
    # The best of each: what else goes on on the machine only ever adds to it.
    few, many = ({name: min(times) for name, times in home.times.items()} for home in homes)
    _print([(name, few[name], many[name]) for name in few])

    slow = [name for name in few if name != "open" and many[name] > GOAL * few[name] + PAGE_S]
    assert not slow


def _print(rows: Sequence[tuple[str, float, float]]) -> None:
    lines = [f"{'step':<16}  {f'{FEW:,} runs':>14}  {f'{MANY:,} runs':>14}  {'ratio':>6}"]
    lines += [
        f"{name:<16}  {1000 * few:>11.1f} ms  {1000 * many:>11.1f} ms  {many / few:>6.1f}" for name, few, many in rows
    ]
    lines.append(f"goal: no step takes more than {GOAL:.0f} times as long, and {1000 * PAGE_S:.0f} ms")
    sys.stdout.write(
        f"\nThe list of runs, the best of {ROUNDS}, load {os.getloadavg()[0]:.1f}\n" + "\n".join(lines) + "\n"
    )

"""From a key press to its effect on the terminal while 2,000 events a second arrive, beside an app at rest.

Home lists four runs that go on, each in a row that changes all the time; the key moves the cursor among rows that do
not. Whatever then reaches the terminal in the cursor's colour is the answer to the key. Events go through the real
store, written by another process, and the real feed; both apps are open at once and are pressed in turns.
"""

import os
import random
import statistics
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

import pytest

from store.events import RunStarted
from store.writes import StoreWriter
from tests.benchmarks.busy_writer import TOTAL_FILE
from tests.tui.terminal.pseudo_terminal import PseudoTerminal
from tests.worlds import NOW, WorldBuilder, build_world
from tui.themes import DARK

pytestmark = pytest.mark.timeout(900)

EVENTS_PER_SECOND = 2_000
PRESSES = 300
GOAL_S = 0.05
"""The goal for 99 of 100 presses."""

NOT_FREE = 1.5
"""On a machine that does other things too, even an app at rest misses the goal; then this ratio counts."""

_SCRIPT = Path(__file__).with_name("busy_home.py")
_ROOT = Path(__file__).parents[2]
_JOBS = ("nightly", "hourly", "check", "build")
_PATIENCE_S = 20.0
_CURSOR = "48;2;" + ";".join(str(part) for part in bytes.fromhex(DARK.variables["block-cursor-background"][1:]))


class Keyboard:
    """An app in a terminal, and how long it takes to answer."""

    def __init__(self, terminal: PseudoTerminal) -> None:
        self._terminal = terminal
        self.times: list[float] = []
        self._next = b"j"

    def open(self) -> None:
        """Waits for the list and puts the cursor where nothing changes by itself."""
        self._wait("#18", 0)
        time.sleep(2)
        for _ in range(len(_JOBS) + 3):
            self.press()
            self._next = b"j"
        self.times.clear()

    def press(self) -> None:
        """Goes a row down, or up again."""
        seen = len(self._terminal.received)
        begun = time.perf_counter()
        self._terminal.press(self._next)
        self._wait(_CURSOR, seen)
        self.times.append(time.perf_counter() - begun)
        self._next = b"k" if self._next == b"j" else b"j"

    def answers_unasked(self, seconds: float) -> bool:
        """Whether the cursor's colour reaches the terminal without a key."""
        seen = len(self._terminal.received)
        time.sleep(seconds)
        return _CURSOR.encode() in self._terminal.received[seen:]

    def _wait(self, text: str, since: int) -> None:
        deadline = time.perf_counter() + _PATIENCE_S
        while text.encode() not in self._terminal.received[since:]:
            assert time.perf_counter() < deadline, f"waited for {text!r}"
            time.sleep(0.0002)


@pytest.fixture
async def worlds(tmp_path: Path) -> Mapping[str, list[str]]:
    """Two workspaces alike, by what is done in them, with the arguments of their apps."""
    return {
        "at rest": await _workspace(tmp_path / "rest", 0),
        "busy": await _workspace(tmp_path / "busy", EVENTS_PER_SECOND),
    }


async def _workspace(folder: Path, rate: int) -> list[str]:
    world = await build_world("failed", folder)
    async with StoreWriter.open(world.paths.database) as writer:
        builder = WorldBuilder(writer, world.paths)
        runs = [await builder.ask(f"busy-{job}", NOW, job=job) for job in _JOBS]
        for run_id in runs:
            begun = RunStarted(ts=NOW, seq=1, pid=1, pid_started=1.0, host="lab-1", tool="dbt")
            await builder.happen(run_id, begun)
    return [str(folder), str(rate), *map(str, runs)]


@pytest.fixture
def keyboards(worlds: Mapping[str, list[str]]) -> Iterator[Mapping[str, Keyboard]]:
    """The apps, open on their lists."""
    env = {"COLORTERM": "truecolor", "PYTHONPATH": str(_ROOT)}
    with ExitStack() as stack:
        found = {}
        for name, arguments in worlds.items():
            terminal = PseudoTerminal([sys.executable, str(_SCRIPT), *arguments], env=env, shown=False)
            found[name] = Keyboard(stack.enter_context(terminal))
            found[name].open()
        yield found


def test_keys_are_answered_while_events_pour_in(
    keyboards: Mapping[str, Keyboard], worlds: Mapping[str, list[str]]
) -> None:
    assert not any(keyboard.answers_unasked(2) for keyboard in keyboards.values())
    chance = random.Random(7)
    for _ in range(PRESSES):
        for keyboard in keyboards.values():
            keyboard.press()
            time.sleep(chance.uniform(0.01, 0.05))
    written, seconds = map(float, (Path(worlds["busy"][0]) / TOTAL_FILE).read_text().split())
    times = {name: keyboard.times for name, keyboard in keyboards.items()}
    _print(times, written / seconds)

    assert written / seconds > 0.9 * EVENTS_PER_SECOND
    assert _share(times["busy"], 99) < max(GOAL_S, NOT_FREE * _share(times["at rest"], 99))


def _share(times: Sequence[float], percent: int) -> float:
    return statistics.quantiles(times, n=100)[percent - 1]


def _print(times: Mapping[str, Sequence[float]], rate: float) -> None:
    rest, busy = times["at rest"], times["busy"]
    lines = [f"{'key press to paint':<18}  {'at rest':>10}  {f'{rate:,.0f} events/s':>16}  {'ratio':>5}"]
    for percent in (50, 95, 99):
        one, other = _share(rest, percent), _share(busy, percent)
        lines.append(f"{f'p{percent}':<18}  {1000 * one:>7.1f} ms  {1000 * other:>13.1f} ms  {other / one:>5.1f}")
    lines.append(
        f"goal: p99 under {1000 * GOAL_S:.0f} ms with events, or where that is missed at rest, {NOT_FREE} times that"
    )
    sys.stdout.write(f"\n{len(busy)} presses each in turns, load {os.getloadavg()[0]:.1f}\n" + "\n".join(lines) + "\n")

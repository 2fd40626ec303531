"""The Explore tab over a run of 1,000 models, in a real pseudo-terminal: opened, walked, shown otherwise.

A step has ended when what it is to show has reached the terminal. The run is watched without an engine: nothing else
happens in the app meanwhile.
"""

import fcntl
import os
import statistics
import struct
import sys
import termios
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from tests.explore_worlds import build_explore_world
from tests.tui.terminal.pseudo_terminal import PseudoTerminal, wait_until
from tests.worlds import World

pytestmark = pytest.mark.timeout(900)

ROUNDS = 5
OPENING_GOAL_S, KEY_GOAL_S = 0.5, 0.05

_SIZE = (160, 45)
_SETTLED_S = 0.3
_APP = """
import sys
from pathlib import Path
from tui.app import open_app
open_app(Path(sys.argv[1]), int(sys.argv[2]))
"""
_OPEN = ("open the tab", b"3", b"levels up and down")
_MOVES = (
    # What is done, the key, and what is then seen of the chosen model.
    ("to a parent", b"h", b"m0245"),
    ("down the column", b"j", b"m0384"),
    ("up the column", b"k", b"m0245"),
    ("to a child", b"l", b"m0500"),
    ("to its child", b"l", b"m0687"),
    ("back", b"h", b"m0500"),
)
_LAYOUTS = (
    ("a level more", b"+", b"3 levels"),
    ("a level less", b"-", b"2 levels"),
    ("names", b"z", b"names"),
    ("dots", b"z", b"dots"),
    ("boxes", b"z", b"boxes"),
    ("failed only", b"F", b"failed only"),
    ("everything again", b"F", b"of 1,000 nodes"),
)


@pytest.fixture
async def world(tmp_path: Path) -> World:
    """A run of 1,000 models in which one failed."""
    return await build_explore_world("thousand", tmp_path)


def _seconds(terminal: PseudoTerminal, key: bytes, seen: bytes) -> float:
    """From a key until what it shows has reached the terminal; then lets the app come to rest."""
    before = len(terminal.received)
    begun = time.perf_counter()
    terminal.press(key)
    while seen not in terminal.received[before:]:
        assert time.perf_counter() < begun + 20, f"waited for {seen!r} after {key!r}"
        time.sleep(0.0005)
    took = time.perf_counter() - begun
    _rest(terminal)
    return took


def _rest(terminal: PseudoTerminal) -> None:
    """Waits until nothing has come for a while."""
    size, since = -1, time.perf_counter()
    while time.perf_counter() < since + _SETTLED_S:
        if len(terminal.received) != size:
            size, since = len(terminal.received), time.perf_counter()
        time.sleep(0.01)


def _walk(world: World) -> dict[str, list[float]]:
    """Opens the app once; the seconds of each step by its name."""
    columns, rows = _SIZE
    times: dict[str, list[float]] = {}
    command = [sys.executable, "-c", _APP, str(world.paths.folder), str(world.runs["run"])]
    with PseudoTerminal(command) as terminal:
        terminal.screen.resize(rows, columns)
        fcntl.ioctl(terminal._slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        wait_until(lambda: b"took down" in terminal.received, "the run's page")
        _rest(terminal)
        times[_OPEN[0]] = [_seconds(terminal, *_OPEN[1:])]
        for name, key, seen in (*_MOVES, *_LAYOUTS):
            times.setdefault(name, []).append(_seconds(terminal, key, seen))
    return times


def test_a_thousand_models_are_explored_at_once(world: World) -> None:
    times: dict[str, list[float]] = {}
    for _ in range(ROUNDS):
        for name, found in _walk(world).items():
            times.setdefault(name, []).extend(found)
    _print(times)

    assert statistics.median(times[_OPEN[0]]) <= OPENING_GOAL_S
    for name, _, _ in _MOVES:
        assert statistics.median(times[name]) <= KEY_GOAL_S, name


def _print(times: Mapping[str, Sequence[float]]) -> None:
    lines = [f"{'step':<22}  {'best':>8}  {'median':>8}  {'worst':>8}"]
    for name, found in times.items():
        figures = (min(found), statistics.median(found), max(found))
        lines.append(f"{name:<22}  " + "  ".join(f"{1000 * seconds:>5.0f} ms" for seconds in figures))
    load = f"{os.getloadavg()[0]:.1f}"
    sys.stdout.write(f"\nExplore, 1,000 models, {_SIZE[0]}x{_SIZE[1]}, load {load}\n" + "\n".join(lines) + "\n")

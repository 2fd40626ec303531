"""From the start of `runroom` to its first picture and to its list of runs, beside a Textual app with one line of text.

Each is a process of its own in a real pseudo-terminal, started in turns. The engine of the workspace runs already, as
it does for whoever looks in now and then.
"""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.support.live_workspace import LiveWorkspace
from tests.tui.terminal.pseudo_terminal import PseudoTerminal
from tests.worlds import build_world

pytestmark = pytest.mark.timeout(900)

ROUNDS = 15
GOAL = 2.5
"""How many times as long as the bare app the first picture may take: the rest is Runroom's own."""

_PATIENCE_S = 30.0
_RUNROOM = [str(Path(sys.executable).parent / "runroom")]
_BARE_TEXT = b"bare-app-is-painted"
_BARE = f"""
from textual.app import App
from textual.widgets import Static

class Bare(App):
    def compose(self):
        yield Static({_BARE_TEXT.decode()!r})

Bare().run()
"""


@pytest.fixture(autouse=True)
def compiled_as_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both find their modules compiled, as an installation has them, whatever the environment says."""
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
    monkeypatch.setenv("PYTHONPYCACHEPREFIX", str(tmp_path / "compiled"))


@pytest.fixture
async def workspace(tmp_path: Path) -> Path:
    """A workspace with a record of two weeks."""
    return (await build_world("failed", tmp_path)).paths.folder


@pytest.fixture
def with_engine(workspace: Path) -> Iterator[Path]:
    """The workspace with its engine running."""
    live = LiveWorkspace(workspace)
    try:
        subprocess.run([*_RUNROOM, "engine", "start"], cwd=workspace, check=True, capture_output=True)
        yield workspace
    finally:
        live.end()


def _paints(command: Sequence[str], *seen: bytes) -> list[float]:
    """The seconds from the start of a command until each of these texts has reached the terminal."""
    times = []
    begun = time.perf_counter()
    with PseudoTerminal(command) as terminal:
        for text in seen:
            while text not in terminal.received:
                assert time.perf_counter() < begun + _PATIENCE_S, f"waited for {text!r}"
                time.sleep(0.0005)
            times.append(time.perf_counter() - begun)
    return times


def test_the_first_picture_comes_soon_after_that_of_a_bare_app(with_engine: Path) -> None:
    bare: list[float] = []
    ours: list[list[float]] = []
    for round_number in range(ROUNDS + 1):
        (alone,) = _paints([sys.executable, "-c", _BARE], _BARE_TEXT)
        both = _paints([*_RUNROOM, "-w", str(with_engine)], b"Reading", b"#18")
        if round_number:  # The first time files are read.
            bare.append(alone)
            ours.append(both)
    first, rows = ([times[place] for times in ours] for place in range(2))
    _print(bare, first, rows)

    assert statistics.median(first) <= GOAL * statistics.median(bare)


def _print(bare: Sequence[float], first: Sequence[float], rows: Sequence[float]) -> None:
    base = statistics.median(bare)
    lines = [f"{'from the start to':<22}  {'best':>8}  {'median':>8}  {'worst':>8}  {'ratio':>5}"]
    for name, times in (("a bare app's picture", bare), ("Runroom's first", first), ("its list of runs", rows)):
        middle = statistics.median(times)
        figures = "  ".join(f"{1000 * seconds:>5.0f} ms" for seconds in (min(times), middle, max(times)))
        lines.append(f"{name:<22}  {figures}  {middle / base:>5.2f}")
    load = f"{os.getloadavg()[0]:.1f}"
    sys.stdout.write(f"\nStart to paint, {len(bare)} each in turns, load {load}\n" + "\n".join(lines) + "\n")

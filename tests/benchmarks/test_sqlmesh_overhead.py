"""What Runroom costs on top of SQLMesh: the same restatement of the demo, by `sqlmesh plan` and by `runroom run`.

Both work on copies of one planned project, in turns, so that a machine that does other things too slows both alike.
"""

import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from engine.demo.workspace import make_demo
from tests.support.live_workspace import LiveWorkspace

pytestmark = [pytest.mark.real_tool, pytest.mark.timeout(3600)]

PAIRS = 5
GOAL = 1.05
_PROGRAMS = Path(sys.executable).parent
_RESTATED = ("staging.flights", "staging.weather", "core.flights", "marts.carrier_daily", "marts.airport_daily")
_RESTATE = [word for model in _RESTATED for word in ("--restate-model", model)]
_BARE = ["sqlmesh", "plan", "prod", "--auto-apply", "--no-prompts", "--skip-tests", "--no-diff", *_RESTATE]
_THROUGH_RUNROOM = ["runroom", "run", "restate", "--yes"]
_JOB = f"""
[jobs.restate]
environment = "flights_mesh/prod"
steps = ["plan --apply --skip-tests {" ".join(_RESTATE)}"]
"""


@dataclass(frozen=True)
class Demos:
    """The planned demo twice: one for SQLMesh alone, one that is a workspace with its engine running."""

    alone: Path
    ours: Path


@pytest.fixture(scope="module")
def demos(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demos]:
    folder = tmp_path_factory.mktemp("overhead")
    alone = make_demo(folder / "alone").folder
    _timed(["sqlmesh", "plan", "prod", "--auto-apply", "--no-prompts", "--skip-tests"], alone / "flights_mesh")
    ours = Path(shutil.copytree(alone, folder / "ours"))
    with (ours / "runroom.toml").open("a") as configuration:
        configuration.write(_JOB)
    live = LiveWorkspace(ours)
    try:
        _timed(["runroom", "engine", "start"], ours)
        yield Demos(alone, ours)
    finally:
        live.end()


def _timed(command: Sequence[str], folder: Path) -> float:
    """The seconds that the command took."""
    begun = time.monotonic()
    ended = subprocess.run(
        [str(_PROGRAMS / command[0]), *command[1:]],
        cwd=folder,
        env={**os.environ, "SQLMESH__DISABLE_ANONYMIZED_ANALYTICS": "true"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    took = time.monotonic() - begun
    assert ended.returncode == 0, (ended.stdout + ended.stderr)[-3000:]
    return took


def _in_turns(first: Callable[[], float], second: Callable[[], float]) -> list[tuple[float, float]]:
    """Pairs of times; each begins every other pair."""
    pairs = []
    for number in range(PAIRS):
        if number % 2:
            late = second()
            pairs.append((first(), late))
        else:
            early = first()
            pairs.append((early, second()))
    return pairs


def test_a_run_takes_hardly_longer_than_sqlmesh_alone(demos: Demos) -> None:
    def bare() -> float:
        return _timed(_BARE, demos.alone / "flights_mesh")

    def through_runroom() -> float:
        return _timed(_THROUGH_RUNROOM, demos.ours)

    # Once each before it counts: files are read for the first time, caches are made.
    bare(), through_runroom()
    pairs = _in_turns(bare, through_runroom)
    ratio = statistics.median(ours for _, ours in pairs) / statistics.median(alone for alone, _ in pairs)
    _print(pairs, ratio)
    assert ratio <= GOAL


def _print(pairs: Sequence[tuple[float, float]], ratio: float) -> None:
    lines = [f"{'pair':>6}  {'sqlmesh':>9}  {'runroom':>9}  {'ratio':>6}"]
    lines += [
        f"{number:>6}  {alone:>7.2f} s  {ours:>7.2f} s  {ours / alone:>6.3f}"
        for number, (alone, ours) in enumerate(pairs, start=1)
    ]
    alone, ours = (statistics.median(column) for column in zip(*pairs, strict=True))
    lines.append(f"{'median':>6}  {alone:>7.2f} s  {ours:>7.2f} s  {ratio:>6.3f}  (goal: at most {GOAL})")
    sys.stdout.write("\nRestating the demo, load " + f"{os.getloadavg()[0]:.1f}\n" + "\n".join(lines) + "\n")

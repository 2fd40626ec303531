"""How logs look in all their modes: a changed picture fails. `make snapshots` makes them again."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from store.clock import to_iso
from tests.flights_graph import MODELS
from tests.tui.conftest import WorldMaker
from tests.tui.staging import staged_app, until_shown, until_still
from tests.worlds import World
from tui.screens.run import RunScreen

SIZES = ("80x24", "120x40")
BEGIN = datetime(2026, 11, 21, 13, 2, 14, tzinfo=UTC)
ERROR = """Runtime Error in model int_delays (models/intermediate/int_delays.sql)
  Binder Error: Referenced column "tailnum" not found in FROM clause!
  LINE 14:     tailnum,"""

STILL = ("",)
"""Among keys: what went before has to come to rest first."""
SCENES = {
    # The scene: what becomes of the log of the build step, the keys, what is seen when all is there.
    "regex": ("long", ("slash", "ctrl+r", *"(error|warn).*int_", *STILL), "9 lines"),
    "matching": ("long", ("ampersand", *"binder", "enter", *STILL, "plus", "plus"), "only matching ±2"),
    "wrapped": ("long", ("g", *STILL, "w", "number_sign", "t", "t"), "wrapped"),
    "marks": ("long", ("e", *STILL, "m", "e", *STILL, "m", "v", "j", "j", "j"), "selecting"),
    "map": ("long", ("slash", *"binder", "enter"), "with /binder"),
    "errors": ("long", ("f", "f"), "only errors"),
    "whole-run": ("short", ("W", *STILL, "g"), "── 1 "),
    "go-to": ("long", ("ctrl+g",), "go to: 123"),
    "full": ("long", ("z",), "100% of"),
    "empty": ("none", (), "wrote no log"),
    "unreadable": ("folder", (), "cannot be read"),
}


def _entry(moment: datetime, level: str, node: str, text: str) -> str:
    return "".join(f"{to_iso(moment)} {level:<5} [{node}] {part}\n" for part in text.splitlines())


def _long_log() -> str:
    """A build of every model, several times over: some fail, some audits warn, one query is long."""
    entries: list[str] = []
    moment = BEGIN
    for repeated in range(40):
        for number, model in enumerate(MODELS):
            moment += timedelta(milliseconds=37 * (number % 7 + 1))
            node = f"model.flights.{model.name}"
            entries.append(_entry(moment, "INFO", node, f"{number + 1} of {len(MODELS)} START {model.name}"))
            if number == 11:
                columns = ", ".join(f"column_{column}" for column in range(30))
                entries.append(_entry(moment, "DEBUG", node, f"select {columns} from {model.name}"))
            moment += timedelta(milliseconds=113)
            if model.name == "int_delays" and repeated in (7, 8, 31):
                entries.append(_entry(moment, "ERROR", node, ERROR))
            elif number % 9 == 4 and repeated % 6 == 1:
                entries.append(_entry(moment, "WARN", node, "Got 12 results, configured to warn if != 0"))
            else:
                entries.append(_entry(moment, "INFO", node, "OK"))
    return "".join(entries)


def _set_log(world: World, content: str) -> None:
    log = next(world.paths.run(world.runs["failed"]).logs.glob("*build.log"))
    if content != "short":
        log.unlink()
    if content == "long":
        log.write_text(_long_log())
    elif content == "folder":
        log.mkdir()


def _tab_of_steps(pilot: Pilot[None]) -> str:
    screen = pilot.app.screen
    assert isinstance(screen, RunScreen)
    return str(screen._tabs.index("steps") + 1)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scene", SCENES)
def test_log(
    scene: str, size: str, make_world: WorldMaker, snap_compare: Callable[..., bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    content, keys, seen = SCENES[scene]
    monkeypatch.delenv("NO_COLOR", raising=False)
    world = make_world("failed")
    _set_log(world, content)

    async def stage(pilot: Pilot[None]) -> None:
        await until_shown(pilot, "took down")
        await until_still(pilot)
        await pilot.press(_tab_of_steps(pilot))
        await until_still(pilot)
        await pilot.press("enter", "G")
        await until_still(pilot)
        for box in pilot.app.screen.query(Input):
            box.cursor_blink = False
        for key in keys:
            await (pilot.press(key) if key else until_still(pilot))
        await until_shown(pilot, seen)
        await until_still(pilot)

    width, height = map(int, size.split("x"))
    assert snap_compare(staged_app(world, world.runs["failed"]), terminal_size=(width, height), run_before=stage)

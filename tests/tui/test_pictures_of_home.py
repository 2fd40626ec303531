"""How home looks: a changed picture fails. `make snapshots` makes them again."""

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from tests.tui.conftest import WorldMaker
from tests.tui.staging import StagedEngine, staged_app, until_shown, until_still
from tui.activity_filter import ActivityFilter
from tui.remembered import Remembered

SIZES = ("80x24", "120x40")
SCENES = {
    # The scene: its world, the keys, what is seen when all is there.
    "running": ("running", (), "running    nightly"),
    "completed": ("completed", (), "completed  nightly"),
    "failed": ("failed", (), "19 ✓ 1 ✗ 3 ↷"),
    "queued": ("queued", (), "waits for #19"),
    "empty": ("empty", (), "Nothing ran here yet"),
    "one-environment": ("failed", ("shift+tab", "shift+tab", "j", "j"), "production"),
    "filter": ("failed", ("slash", *"job:ni"), "job:nightly"),
    "failed-tab": ("failed", ("4",), "19 ✓ 1 ✗ 3 ↷"),
    "nothing-matches": ("failed", ("2",), "No run is like that"),
    "help": ("failed", ("question_mark",), "Keys"),
    "palette": ("failed", ("colon",), "Stop the chosen run"),
    "confirm": ("running", ("x",), "Let it run"),
    "saved-filters": ("failed", ("F",), "oldest first"),
    "save-filter": ("failed", ("4", "F", "s", *"broken"), "enter save"),
    "freshness": ("idle", ("shift+tab", "shift+tab", "j", "j", "i"), "behind"),
    "new-run": ("failed", ("R",), "Start a job"),
}
REMEMBERED = Remembered().with_saved(
    {
        "broken nights": ActivityFilter(tab="failed").with_text("job:nightly"),
        "by hand": ActivityFilter().with_text("trigger:manual"),
        "plans": ActivityFilter(kind="plans", newest_first=False),
    }
)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scene", SCENES)
def test_home(
    scene: str, size: str, make_world: WorldMaker, snap_compare: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, keys, seen = SCENES[scene]
    monkeypatch.delenv("NO_COLOR", raising=False)
    engine = StagedEngine()

    async def stage(pilot: Pilot[None]) -> None:
        await until_shown(pilot, "● engine")
        await until_shown(pilot, "Nothing ran" if name == "empty" else "#1")
        for key in keys:
            await pilot.press(key)
        await until_shown(pilot, seen)
        await until_still(pilot)
        for box in pilot.app.screen.query(Input):
            box.cursor_blink = False

    width, height = map(int, size.split("x"))
    assert callable(snap_compare)
    app = staged_app(make_world(name), engine=engine, remembered=REMEMBERED)
    assert snap_compare(app, terminal_size=(width, height), run_before=stage)

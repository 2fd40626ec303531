"""The line on top of every screen: which workspace, whether the engine answers, what runs, what time it is."""

from datetime import datetime, tzinfo

from rich.table import Table
from rich.text import Text
from textual.widgets import Static

from store import wording
from tui import formats
from tui.feed import EngineState, Standing


class TopBar(Static):
    """One line; it draws itself again only when what it says has changed."""

    def __init__(self) -> None:
        super().__init__(id="top-bar")
        self._said: tuple[object, ...] = ()

    def say(self, workspace: str, engine: Text, running: int, now: datetime, zone: tzinfo | None) -> None:
        """Shows these; a second call with the same costs nothing."""
        clock = f"{now.astimezone(zone):%H:%M} {wording.zone_name(now, zone)}"
        said = (workspace, engine.plain, running, clock)
        if said == self._said:
            return
        self._said = said
        line = Table.grid(expand=True)
        line.add_column(ratio=1, no_wrap=True, overflow="ellipsis")
        line.add_column(justify="right", no_wrap=True)
        right = engine.copy()
        if running:
            right.append("   ").append(f"● {running} running", formats.LIVE)
        line.add_row(Text.assemble(("runroom", "bold"), "  ", workspace), right.append(f"   {clock}", formats.MUTED))
        self.update(line, layout=False)


def engine_sign(state: EngineState | None) -> Text:
    """How it stands with the engine, and whether it understands its configuration; None when nobody knows yet."""
    if state is None:
        return Text("○ engine", formats.MUTED)
    match state.standing:
        case Standing.LOST:
            return Text("✗ engine offline", formats.BAD)
        case Standing.STOPPED:
            return Text("○ engine stopped", formats.MUTED)
        case Standing.ABSENT:
            return Text("○ no engine", formats.MUTED)
        case Standing.OUTGROWN:
            return Text("▲ Runroom was updated", formats.WARNING)
        case Standing.CONNECTED:
            return _connected_sign(state.sentence)


def _connected_sign(problem: str) -> Text:
    if problem:
        return Text("▲ configuration", formats.WARNING)
    return Text.assemble(("●", formats.GOOD), " engine")

"""The line over the recent activity: status tabs at left, what else narrows the list at right."""

from rich.style import Style
from rich.text import Text
from textual.widgets import Static

from tui import formats
from tui.activity_filter import TABS, ActivityFilter

_GAP = "  "


class ActivityBar(Static):
    """Shows an `ActivityFilter`. A click on a tab chooses it."""

    def __init__(self) -> None:
        super().__init__(id="activity-bar")
        self._chosen = ActivityFilter()

    def show(self, chosen: ActivityFilter) -> None:
        """Shows what is chosen now."""
        self._chosen = chosen
        self.on_resize()

    def on_resize(self) -> None:
        """The right side stands at the right edge."""
        self.update(bar_line(self._chosen, self.size.width), layout=False)


def bar_line(chosen: ActivityFilter, width: int) -> Text:
    """The line, in this many cells: where it is too long only the chosen tab stays, then the right side gives way."""
    tabs = Text(_GAP).join(_tab(name, name == chosen.tab) for name in TABS)
    right = _narrowings(chosen)
    if tabs.cell_len + len(_GAP) + right.cell_len > width:
        tabs = Text(_GAP).join([_tab(chosen.tab, True), Text(f"1-{len(TABS)}", formats.MUTED)])
    right.truncate(max(0, width - tabs.cell_len - len(_GAP)), overflow="ellipsis")
    space = width - tabs.cell_len - right.cell_len
    return tabs.append(" " * max(0, space)).append_text(right)


def _tab(name: str, chosen: bool) -> Text:
    text = Text(name.capitalize(), "bold underline" if chosen else formats.MUTED)
    text.stylize(Style.from_meta({"@click": f"screen.show_tab('{name}')"}))
    return text


def _narrowings(chosen: ActivityFilter) -> Text:
    parts = []
    if chosen.kind != "all kinds":
        parts.append(Text(chosen.kind))
    if not chosen.newest_first:
        parts.append(Text("oldest first"))
    parts.append(Text(f"/ {chosen.text}") if chosen.text else Text("/ filter", formats.MUTED))
    return Text(_GAP).join(parts)

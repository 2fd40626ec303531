"""The keys of the place that was left for this page."""

from collections.abc import Mapping
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from tui import formats, keymap
from tui.help_text import ACTS, help_lines
from tui.keymap import Scope, spelled
from tui.remapping import keys_now
from tui.widgets.searched import Searched
from tui.widgets.styled_lines import StyledLines

_WIDTH = 69
"""Cells of a line in the dialog, beside its border and the scroll bar."""


class HelpScreen(ModalScreen[None]):
    """Lists keys by place; those that act are marked, for they do nothing under `--readonly`. Moves as lists do."""

    CSS_PATH = "help.tcss"
    BINDINGS: ClassVar[list[BindingType]] = keymap.bindings("help")

    def __init__(self, scopes: tuple[Scope, ...], remapped: Mapping[str, str]) -> None:
        super().__init__()
        self._scopes = (*scopes, *(("everywhere",) if "everywhere" not in scopes else ()))
        self._remapped = remapped

    def compose(self) -> ComposeResult:
        """One list that scrolls and is searched."""
        with Vertical(classes="dialog"):
            title = Text.assemble("Keys", (f"   {ACTS} acts: refused under --readonly", f"not bold {formats.MUTED}"))
            yield Static(title, classes="dialog-title")
            yield Searched(StyledLines(), "find a key")
            yield Static(self._ways(), classes="dialog-keys")

    def on_mount(self) -> None:
        """The keys of lists go to the list."""
        lines = self.query_one(StyledLines)
        lines.show(help_lines(self._scopes, self._remapped, _WIDTH))
        lines.focus()

    def _ways(self) -> Text:
        """How one goes about here, by the keys as they are now."""
        ways = (
            (("lists.down", "lists.up"), "scroll"),
            (("lists.half_page_down", "lists.half_page_up"), "half a page"),
            (("log.search",), "find"),
            (("help.close",), "close"),
        )
        return Text("   ".join(f"{' '.join(map(self._first, ids))} {what}" for ids, what in ways), formats.MUTED)

    def _first(self, key_id: str) -> str:
        return spelled(keys_now(keymap.BY_ID[key_id], self._remapped)).split()[0]

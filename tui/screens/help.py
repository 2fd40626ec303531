"""The keys of the place that was left for this page."""

from collections.abc import Mapping
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from tui import formats
from tui.keymap import SCOPE_TITLES, Scope, keys_of, spelled
from tui.remapping import keys_now

_KEY_WIDTH = 17


class HelpScreen(ModalScreen[None]):
    """Lists keys by place; those that act are marked, for they do nothing under `--readonly`."""

    CSS_PATH = "help.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,question_mark", "dismiss", "close", show=False),
        Binding("j", "scroll(1)", show=False),
        Binding("k", "scroll(-1)", show=False),
    ]

    def __init__(self, scopes: tuple[Scope, ...], remapped: Mapping[str, str]) -> None:
        super().__init__()
        self._scopes = (*scopes, *(("everywhere",) if "everywhere" not in scopes else ()))
        self._remapped = remapped

    def compose(self) -> ComposeResult:
        """One list that scrolls."""
        with Vertical(classes="dialog"):
            yield Static("Keys", classes="dialog-title")
            with VerticalScroll(id="help-keys"):
                for scope in self._scopes:
                    yield Static(_section(scope, self._remapped), classes="help-section")
            yield Static(Text("j k scroll   esc close", formats.MUTED), classes="dialog-keys")

    def action_scroll(self, lines: int) -> None:
        """Scrolls by lines."""
        self.query_one(VerticalScroll).scroll_relative(y=lines, animate=False)


def _section(scope: Scope, remapped: Mapping[str, str]) -> Text:
    text = Text(SCOPE_TITLES[scope], "bold")
    for key in keys_of(scope):
        keys = spelled(keys_now(key, remapped))
        text.append(f"\n  {keys:<{_KEY_WIDTH}}", "not bold").append(key.help, "not bold")
        if key.dangerous:
            text.append("  asks first", "not bold dim")
    return text

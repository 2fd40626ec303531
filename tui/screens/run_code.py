"""The code of a run: its commit, and the web pages of commit and branch, to be opened or copied."""

from collections.abc import Sequence
from typing import ClassVar

from rich.style import Style
from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from store.text import one_line
from tui import formats, keymap
from tui.run_view.code import CodeFact
from tui.widgets.choices import Choices

_KEYS = "enter copy   esc close"
_LABEL_WIDTH = 11


class RunCodeScreen(ModalScreen[str | None]):
    """A line for each thing that is known. `enter` gives the chosen one as it is, `esc` None."""

    BINDINGS: ClassVar[list[BindingType]] = keymap.bindings("dialog")
    HELP_SCOPES: ClassVar[tuple[keymap.Scope, ...]] = ("lists", "dialog")
    CSS = """
    RunCodeScreen {
        align: center middle;

        .dialog { width: 108; }
        Choices { height: auto; border: none; background: transparent; text-wrap: nowrap; text-overflow: ellipsis; }
        .dialog-keys { margin: 1 0 0 0; }
    }
    """

    def __init__(self, title: str, facts: Sequence[CodeFact]) -> None:
        super().__init__()
        self._title = title
        self._facts = facts

    def compose(self) -> ComposeResult:
        """The run, what is known, the keys."""
        with Vertical(classes="dialog"):
            yield Static(Text(self._title), classes="dialog-title")
            yield Choices(id="code-facts")
            yield Static(Text(_KEYS, formats.MUTED), classes="dialog-keys")

    def on_mount(self) -> None:
        """The first is chosen: where there is a web page, it is that."""
        choices = self.query_one(Choices)
        choices.set_options(Option(_line(fact)) for fact in self._facts)
        choices.highlighted = 0
        choices.focus()

    @on(OptionList.OptionSelected)
    def _take(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.dismiss(self._facts[event.option_index].value)

    def action_dismiss_dialog(self) -> None:
        """Nothing is copied."""
        self.dismiss(None)


def _line(fact: CodeFact) -> Text:
    text = Text(fact.label.ljust(_LABEL_WIDTH), formats.MUTED, no_wrap=True, overflow="ellipsis").append("  ")
    return text.append(one_line(fact.value), Style(link=fact.value, dim=False) if fact.page else Style(dim=False))

"""Filters of the list of runs that have a name: to apply, to save the present one, to delete."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from store.text import one_line
from tui import formats, keymap
from tui.activity_filter import ActivityFilter
from tui.widgets.choices import Choices

_KEYS = "enter apply   s save the present one   d delete   esc close"
_KEYS_OF_NAME = "enter save   esc back"
_NONE = "No filter is saved yet. Narrow the list (f, t, 1 to 5), then save it here under a name."
_LONGEST_NAME = 40


@dataclass(frozen=True, slots=True)
class FilterChoice:
    """What came of the dialog: all saved filters as they are now, and the one to apply, if any."""

    saved: Mapping[str, ActivityFilter]
    applied: ActivityFilter | None = None


class SavedFiltersScreen(ModalScreen[FilterChoice]):
    """Lists the saved filters. A line to name the present one takes the list's place while it is typed in."""

    BINDINGS: ClassVar[list[BindingType]] = keymap.bindings("filters", "dialog")
    HELP_SCOPES: ClassVar[tuple[keymap.Scope, ...]] = ("filters", "lists", "dialog")
    DEFAULT_CSS = """
    SavedFiltersScreen {
        align: center middle;

        Choices { height: auto; max-height: 12; border: none; background: transparent; }
        Input { border: none; height: 1; background: $boost; }
        #problem { height: auto; }
        .dialog-keys { margin: 1 0 0 0; }
    }
    """

    def __init__(self, saved: Mapping[str, ActivityFilter], present: ActivityFilter) -> None:
        super().__init__()
        self._saved = dict(saved)
        self._present = present

    def compose(self) -> ComposeResult:
        """The present filter, the list or the line for a name, what is wrong, the keys."""
        with Vertical(classes="dialog"):
            yield Static("Saved filters", classes="dialog-title")
            yield Static(id="about")
            yield Choices(id="saved-filters")
            yield Input(placeholder="name", compact=True, max_length=_LONGEST_NAME)
            yield Static(id="problem")
            yield Static(classes="dialog-keys")

    def on_mount(self) -> None:
        """The list first."""
        self._show_list(0)

    def _show_list(self, chosen: int) -> None:
        choices = self.query_one(Choices)
        width = max((len(name) for name in self._saved), default=0)
        choices.set_options(Option(_line(name, kept, width)) for name, kept in self._saved.items())
        choices.highlighted = min(chosen, len(self._saved) - 1) if self._saved else None
        self._typing(False)
        self._say(_KEYS, "" if self._saved else _NONE)

    def _typing(self, typing: bool) -> None:
        """The line or the list."""
        line, choices = self.query_one(Input), self.query_one(Choices)
        line.display, choices.display = typing, not typing
        (line if typing else choices).focus()

    def _say(self, keys: str, about: str) -> None:
        self.query_one(".dialog-keys", Static).update(formats.styled(keys, formats.MUTED))
        self.query_one("#about", Static).update(formats.styled(about, formats.MUTED))
        self.query_one("#about").display = bool(about)
        self.query_one("#problem").display = False

    def _complain(self, sentence: str) -> None:
        problem = self.query_one("#problem", Static)
        problem.update(formats.styled(sentence, formats.BAD))
        problem.display = True

    @on(OptionList.OptionSelected)
    def _apply(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.dismiss(FilterChoice(self._saved, list(self._saved.values())[event.option_index]))

    def action_name_present(self) -> None:
        """Asks under which name the present filter is to be saved."""
        if self._present == ActivityFilter():
            self._complain("The list shows everything: narrow it first, then save that.")
            return
        self._typing(True)
        self._say(_KEYS_OF_NAME, f"Save “{one_line(str(self._present))}” as")

    @on(Input.Submitted)
    def _save(self, event: Input.Submitted) -> None:
        event.stop()
        name = one_line(event.value).strip()
        if not name:
            self._complain("A name is needed to find it again.")
            return
        self.dismiss(FilterChoice({**self._saved, name: self._present}))

    def action_delete_chosen(self) -> None:
        """Forgets the chosen filter."""
        highlighted = self.query_one(Choices).highlighted
        if highlighted is not None and self._saved:
            del self._saved[list(self._saved)[highlighted]]
            self._show_list(highlighted)

    def action_dismiss_dialog(self) -> None:
        """Leaves the line for the list, and the list for the page."""
        if self.query_one(Input).display:
            self._show_list(0)
        else:
            self.dismiss(FilterChoice(self._saved))


def _line(name: str, kept: ActivityFilter, width: int) -> Text:
    text = Text(name.ljust(width), "bold", no_wrap=True, overflow="ellipsis")
    return text.append(f"  {one_line(str(kept))}", "not bold dim")

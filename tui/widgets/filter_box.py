"""The box in which a filter is typed; it completes prefixes and the names that the workspace knows."""

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.suggester import Suggester
from textual.widgets import Input

from tui.filter_text import Names, completions


class FilterBox(Input):
    """One line. Tells every change, and when typing is over: `enter` keeps the text, `esc` gives back the old one."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "give_up", "forget", show=True),
        Binding("tab", "complete", "complete", show=True),
    ]

    class Typed(Message):
        """The text is another."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Closed(Message):
        """Typing is over."""

    def __init__(self) -> None:
        self._completer = _Completer()
        super().__init__(
            id="filter-box", compact=True, placeholder="words  job:  author:  status:  env:  kind:  trigger:  cause:",
            suggester=self._completer, select_on_focus=False,
        )  # fmt: skip
        self._before = ""
        self._typing = False

    def open(self, text: str, names: Names) -> None:
        """Begins with a text; `names` are offered as completions."""
        self._before = text
        self._typing = True
        self._completer.names = names
        self.value = text
        self.cursor_position = len(text)
        self.focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """The list follows every letter."""
        event.stop()
        if self._typing:
            self.post_message(self.Typed(event.value))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Keeps the text."""
        event.stop()
        self.post_message(self.Closed())

    def action_give_up(self) -> None:
        """Gives the text back that was there before."""
        self._typing = False
        self.value = self._before
        self.post_message(self.Closed())

    def action_complete(self) -> None:
        """Takes what is suggested."""
        self.action_cursor_right()


class _Completer(Suggester):
    """Suggests the first completion of the last word."""

    def __init__(self) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self.names: Names = {}

    async def get_suggestion(self, value: str) -> str | None:
        """None where nothing is to be completed."""
        return next(iter(completions(value, self.names)), None)

"""The line in which one types where in a log to go."""

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Input

from tui.log.places import BadPlace, Place, place_of


class LogPlaceBox(Input):
    """Hidden until it is opened; `enter` goes, `esc` stays."""

    DEFAULT_CSS = """
    LogPlaceBox { display: none; height: 1; padding: 0 1; border: none; background: $panel; }
    LogPlaceBox.-open { display: block; }
    LogPlaceBox.-bad { color: $error; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "stay", "stay")]

    class Chosen(Message):
        """Typing is over; None to stay."""

        def __init__(self, place: Place | None) -> None:
            super().__init__()
            self.place = place

    def __init__(self) -> None:
        super().__init__(
            placeholder="go to: 123 line   50%   03:04:05 time   +5m from the start   -5m before the end", compact=True
        )

    def open(self) -> None:
        """Asks where to go."""
        self.value = ""
        self.add_class("-open")
        self.focus()

    def action_stay(self) -> None:
        """Goes nowhere."""
        self._close(None)

    def on_input_changed(self, event: Input.Changed) -> None:
        """What was wrong may be right now."""
        event.stop()
        self.remove_class("-bad")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Goes there, or says that it is no place."""
        event.stop()
        try:
            self._close(place_of(event.value) if event.value.strip() else None)
        except BadPlace as error:
            self.add_class("-bad")
            self.notify(str(error), severity="error", markup=False)

    def _close(self, place: Place | None) -> None:
        self.remove_class("-open")
        self.post_message(self.Chosen(place))

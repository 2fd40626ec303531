"""A short list of options to choose from, with the keys that all lists have."""

from collections.abc import Callable
from typing import ClassVar, cast

from textual.binding import BindingType
from textual.widgets import OptionList

from tui import keymap


class Choices(OptionList):
    """Textual's list, that is gone through as tables are."""

    BINDINGS: ClassVar[list[BindingType]] = keymap.bindings("lists")

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id, compact=True)

    def action_half_page_down(self) -> None:
        """A few options down."""
        cast(Callable[[], None], self.action_page_down)()

    def action_half_page_up(self) -> None:
        """A few options up."""
        cast(Callable[[], None], self.action_page_up)()

    def action_scroll_top(self) -> None:
        """To the first."""
        self.action_first()

    def action_scroll_bottom(self) -> None:
        """To the last."""
        self.action_last()

"""What all views of texts have in common: how one moves and searches in them."""

from textual.message import Message
from textual.scroll_view import ScrollView


class LineView(ScrollView, can_focus=True):
    """A view of lines that subclasses draw; its actions are those of the keys for lists and logs."""

    class SearchAsked(Message):
        """The key for a search was pressed: whoever has a place for it asks for a pattern and calls `search`."""

        def __init__(self, view: "LineView") -> None:
            super().__init__()
            self.view = view

        @property
        def control(self) -> "LineView":
            """The view that is to be searched."""
            return self.view

    # What subclasses provide

    @property
    def _height(self) -> int:
        """How many lines there is room for."""
        raise NotImplementedError

    def _move(self, lines: int) -> None:
        """Scroll by lines, up if negative."""
        raise NotImplementedError

    def search(self, pattern: str, regex: bool = False) -> None:
        """Go to a line that matches, and mark and count all that do.

        A pattern without capital letters matches them too; an empty one forgets the search. Raises BadPattern.
        """
        raise NotImplementedError

    def next_match(self) -> None:
        """Go to the next line that matches; after the last one to the first."""
        raise NotImplementedError

    def previous_match(self) -> None:
        """Go to the line before that matches; before the first one to the last."""
        raise NotImplementedError

    # Keys

    def action_search(self) -> None:
        """Ask for a pattern."""
        self.post_message(self.SearchAsked(self))

    def action_next_match(self) -> None:
        """Go to the next match."""
        self.next_match()

    def action_previous_match(self) -> None:
        """Go to the match before."""
        self.previous_match()

    def action_cursor_down(self) -> None:
        """Scroll down by a line."""
        self._move(1)

    def action_cursor_up(self) -> None:
        """Scroll up by a line."""
        self._move(-1)

    def action_half_page_down(self) -> None:
        """Scroll down by half of what is in view."""
        self._move(max(1, self._height // 2))

    def action_half_page_up(self) -> None:
        """Scroll up by half of what is in view."""
        self._move(-max(1, self._height // 2))

    def action_page_down(self) -> None:
        """Scroll down by what is in view but one line."""
        self._move(max(1, self._height - 1))

    def action_page_up(self) -> None:
        """Scroll up by what is in view but one line."""
        self._move(-max(1, self._height - 1))

"""A view of lines that can be searched."""

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical

from tui.widgets.line_view import LineView
from tui.widgets.run.search_box import SearchBox


class Searched(Vertical):
    """A view with the box below it in which one types what to look for in it."""

    DEFAULT_CSS = """
    Searched { height: 1fr; }
    """

    def __init__(self, view: LineView, placeholder: str) -> None:
        super().__init__()
        self._view = view
        self._placeholder = placeholder

    def compose(self) -> ComposeResult:
        """The view, and the box, which is hidden until it is asked for."""
        yield self._view
        yield SearchBox(self._placeholder)

    def search(self) -> None:
        """Asks what to look for."""
        self.query_one(SearchBox).open()

    @on(LineView.SearchAsked)
    def _search_asked(self, event: LineView.SearchAsked) -> None:
        event.stop()
        self.search()

    @on(SearchBox.Closed)
    def _searched(self, event: SearchBox.Closed) -> None:
        event.stop()
        event.box.remove_class("-open")
        self._view.search(event.text)
        self._view.focus()

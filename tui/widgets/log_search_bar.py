"""The line in which one types what to search a log for, as text or as a regular expression."""

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Static

from store import wording
from store.logs.matching import BadPattern, Matcher, matcher
from tui import formats
from tui.log.status import LogStatus
from tui.text import plain
from tui.widgets.run.search_box import SearchBox


class LogSearchBar(Horizontal):
    """Hidden until it is opened. Says how many lines match while one types."""

    DEFAULT_CSS = """
    LogSearchBar { display: none; height: 1; background: $panel; }
    LogSearchBar.-open { display: block; }
    LogSearchBar > Static { width: auto; padding: 0 1; }
    LogSearchBar > #found { color: $text-muted; }
    LogSearchBar > SearchBox { width: 1fr; display: block; }
    """

    class Searched(Message):
        """Something else is to be searched for; None for nothing. `typed` while it may still change."""

        def __init__(self, wanted: Matcher | None, typed: bool) -> None:
            super().__init__()
            self.wanted = wanted
            self.typed = typed

    def __init__(self) -> None:
        super().__init__()
        self.is_regex = False
        self._is_refused = False

    def compose(self) -> ComposeResult:
        """What kind of pattern, the pattern, how many match."""
        yield Static(id="kind")
        yield SearchBox("search the log")
        yield Static(id="found")

    def on_mount(self) -> None:
        """As text, at first."""
        self._say_kind()

    @property
    def is_open(self) -> bool:
        """Whether somebody types."""
        return self.has_class("-open")

    @property
    def _box(self) -> SearchBox:
        return self.query_one(SearchBox)

    def open(self) -> None:
        """Begins to search; what was searched for last goes with the first letter."""
        self.add_class("-open")
        self._box.open()
        self._box.action_select_all()

    def close(self) -> None:
        """Nobody types any more."""
        self.remove_class("-open")

    def toggle_regex(self, search_again: bool) -> None:
        """The same pattern means something else."""
        self.is_regex = not self.is_regex
        self._say_kind()
        if search_again or self.is_open:
            self._search(self._box.value, typed=self.is_open)

    def say(self, status: LogStatus) -> None:
        """How the search stands."""
        if status.pattern is None or self._is_refused or not self.is_open:
            return
        count = wording.counted(status.matches, "line")
        self._say_found(count if status.searched >= 1 else f"{count}, {status.searched:.0%} searched", formats.MUTED)

    @on(SearchBox.Typed)
    def _typed(self, event: SearchBox.Typed) -> None:
        event.stop()
        self._search(event.text, typed=True)

    @on(SearchBox.Closed)
    def _ended(self, event: SearchBox.Closed) -> None:
        event.stop()
        if self._search(event.text, typed=False):
            self.close()

    def _search(self, text: str, *, typed: bool) -> bool:
        """Asks for the search; False for what is no pattern, which is said."""
        try:
            wanted = matcher(text, regex=self.is_regex) if text else None
        except BadPattern as error:
            self._is_refused = True
            self._say_found(plain(str(error)), formats.BAD)
            return False
        self._is_refused = False
        if wanted is None:
            self._say_found("", formats.MUTED)
        self.post_message(self.Searched(wanted, typed))
        return True

    def _say_kind(self) -> None:
        self.query_one("#kind", Static).update(Text("regex" if self.is_regex else "text", formats.MUTED))

    def _say_found(self, text: str, style: str) -> None:
        self.query_one("#found", Static).update(Text(text, style, no_wrap=True))

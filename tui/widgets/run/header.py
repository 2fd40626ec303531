"""The top of the run page."""

from datetime import datetime, tzinfo

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Static

from store.run_failures import headline
from store.run_record import RunRecord
from tui.run_view import header
from tui.run_view.causes import causes_line
from tui.run_view.plan import phases_in_a_line
from tui.run_view.torn import torn_lines

_PARTS = ("title", "origin", "counts", "headline", "causes", "progress", "phases", "torn", "notices", "engine")


class RunHeader(Vertical):
    """What the run is, how it stands, what is wrong with it and how far it is."""

    DEFAULT_CSS = """
    RunHeader { height: auto; padding: 0 1; }
    RunHeader Static { height: 1; text-wrap: nowrap; text-overflow: ellipsis; }
    RunHeader Static.-empty { display: none; }
    RunHeader #headline.-whole { height: auto; max-height: 2; text-wrap: wrap; }
    RunHeader #torn { height: auto; max-height: 6; }
    RunHeader #notices { height: auto; max-height: 2; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._record: RunRecord | None = None
        self._standing = Text()
        self._watched = False

    def compose(self) -> ComposeResult:
        """One line each."""
        for part in (
            "title",
            "origin",
            "counts",
            "headline",
            "causes",
            "progress",
            "phases",
            "torn",
            "notices",
            "engine",
        ):
            yield Static(id=part, markup=False, classes="" if part == "title" else "-empty")

    def show(
        self, record: RunRecord, remaining_s: float | None, now: datetime, zone: tzinfo | None, watched: bool = False
    ) -> None:
        """Shows the run as it is now; `remaining_s` is what is left of it in seconds, where that is known."""
        self._record, self._watched = record, watched
        width = self.content_size.width
        self._put("title", header.title_line(record, now, width, watched))
        self._put("origin", header.origin_line(record, now, zone, width, self._standing))
        self._put("counts", header.counts_line(record, width))
        causes = causes_line(record, now, width)
        # The row that says nothing of causes is the error's.
        self.query_one("#headline").set_class(len(record.causes) > 1 and not causes, "-whole")
        self._put("headline", header.headline_line(headline(record)), layout=True)
        self._put("causes", causes)
        self._put("progress", header.progress_line(record, remaining_s, width))
        self._put("phases", phases_in_a_line(record))
        self._put("torn", Text("\n").join(torn_lines(record)), layout=True)
        self._put("notices", Text("\n").join(header.notice_lines(record)), layout=True)

    def tick(self, now: datetime, remaining_s: float | None) -> None:
        """Moves what depends on the clock; nothing changes its place."""
        if self._record is None:
            return
        width = self.content_size.width
        self._put("title", header.title_line(self._record, now, width, self._watched))
        self._put("progress", header.progress_line(self._record, remaining_s, width))

    def say_standing(self, standing: Text) -> None:
        """How the files of now differ from those that the run saw; shown with the next `show`."""
        self._standing = standing

    def say_engine(self, sentence: Text) -> None:
        """Stands below while the engine does not answer; empty while it does."""
        self._put("engine", sentence)

    def say(self, sentence: Text) -> None:
        """Stands in front while there is no run to show: it is being read, or cannot be."""
        self._put("title", sentence)

    def _put(self, part: str, text: Text, layout: bool = False) -> None:
        line = self.query_one(f"#{part}", Static)
        line.update(text, layout=layout)
        line.set_class(not text.plain, "-empty")

"""The pages about the chosen model, one below the strip of their names."""

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import ContentSwitcher, Static

from tui.run_view.explore.nodes import look_of
from tui.services import Services
from tui.widgets.run.explore_definition import DefinitionPage
from tui.widgets.run.explore_impact import ImpactPage
from tui.widgets.run.explore_lines import IntervalsPage, LogPage, OverviewPage
from tui.widgets.run.explore_page import ExplorePage, Subject
from tui.widgets.run.explore_schema import SchemaPage
from tui.widgets.run.tab_strip import TabStrip

_NAMES = {
    "overview": "Overview",
    "impact": "Impact",
    "definition": "Definition",
    "schema": "Schema",
    "times": "Intervals",
    "log": "Log",
}


class ModelPages(Vertical):
    """Overview, impact and all that is known of a model; a page reads only while it is seen."""

    DEFAULT_CSS = """
    ModelPages > #subject { height: 1; padding: 0 1; text-wrap: nowrap; text-overflow: ellipsis; }
    ModelPages > ContentSwitcher { height: 1fr; }
    """

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        self._subject: Subject | None = None

    def compose(self) -> ComposeResult:
        """Name, pages' names, pages."""
        yield Static(id="subject", markup=False)
        yield TabStrip([(name, "") for name in _NAMES.values()])
        with ContentSwitcher(initial="overview"):
            yield OverviewPage(self._services, id="overview")
            yield ImpactPage(id="impact")
            yield DefinitionPage(self._services, id="definition")
            yield SchemaPage(self._services, id="schema")
            yield IntervalsPage(self._services, id="times")
            yield LogPage(self._services, id="log")

    @property
    def has_focus_within(self) -> bool:
        """Whether the keys go to a page."""
        focused = self.screen.focused
        return focused is not None and self in focused.ancestors

    @property
    def page(self) -> ExplorePage:
        """The page that is seen."""
        return self.query_one(f"#{self._current}", ExplorePage)

    def show(self, subject: Subject) -> None:
        """Shows a model as it is now."""
        self._subject = subject
        record, lineage, node = subject.view.record, subject.lineage, subject.node
        look = look_of(record, lineage, node, subject.trouble, subject.view.now)
        line = Text().append(f"{look.glyph} {look.word}", look.style).append(f"  {look.name}", "bold")
        self.query_one("#subject", Static).update(line, layout=False)
        if self.display:
            self.page.show(subject)

    def turn(self, direction: int) -> None:
        """The next page, or the one before."""
        pages = list(_NAMES)
        self.open(pages[(pages.index(self._current) + direction) % len(pages)])

    def open(self, page: str) -> None:
        """Shows a page."""
        had_focus = self.has_focus_within
        self.query_one(ContentSwitcher).current = page
        self.query_one(TabStrip).show(list(_NAMES).index(page) + 1, [(name, "") for name in _NAMES.values()], "")
        if self._subject is not None:
            self.page.show(self._subject)
        if had_focus:
            self.take_focus()

    def next_version(self) -> None:
        """Shows the definition; where it is seen already, the next of its texts."""
        if self._current == "definition" and self.display:
            self.query_one(DefinitionPage).next_version()
        else:
            self.open("definition")

    def take_focus(self) -> None:
        """The keys go to the page."""
        if self._subject is not None:
            self.page.show(self._subject)
        self.page.take_focus()

    @on(TabStrip.Chosen)
    def _page_chosen(self, event: TabStrip.Chosen) -> None:
        event.stop()
        self.open(list(_NAMES)[event.number - 1])

    @property
    def _current(self) -> str:
        return self.query_one(ContentSwitcher).current or next(iter(_NAMES))

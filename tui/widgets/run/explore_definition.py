"""The page with what exactly was executed, and how that differs from earlier runs."""

from functools import partial

from rich.text import Text
from textual.app import ComposeResult
from textual.widgets import Static

from store.errors import StoreError
from store.lineage.definition_changes import read_definition_changes
from store.lineage.reading import Reading
from tui import formats
from tui.run_view.explore.versions import VersionText, versions_of
from tui.services import Services
from tui.widgets.code_view import CodeView
from tui.widgets.run.explore_page import ExplorePage, Subject
from tui.widgets.run.pane import after
from tui.widgets.searched import Searched

_READING = "The definition is being read."


class DefinitionPage(ExplorePage):
    """One text of the definition at a time; a key goes through them, and the choice holds for other models too."""

    DEFAULT_CSS = """
    DefinitionPage > Static { height: auto; max-height: 3; padding: 0 1; }
    DefinitionPage CodeView { padding: 0 1; }
    """

    def __init__(self, services: Services, *, id: str) -> None:
        super().__init__(id=id)
        self._services = services
        self._seen: tuple[str, int] | None = None
        self._versions: list[VersionText] = []
        self._wanted: str | None = None

    def compose(self) -> ComposeResult:
        """Which text it is, the text, what is searched for in it."""
        yield Static(id="version", markup=False)
        yield Searched(CodeView(empty=_READING), "search this text")

    def show(self, subject: Subject) -> None:
        """Reads anew where the model is another one, or was executed meanwhile."""
        model = subject.view.record.models.get(subject.node)
        seen = (subject.node, model.change if model else 0)
        if seen != self._seen:
            self._seen = seen
            self.load(partial(self._read, subject), "definition")

    async def _read(self, subject: Subject) -> None:
        record = subject.view.record
        try:
            async with self._services.reads() as reader:
                reading = Reading(self._services.paths, reader, self._services.sql)
                changes = await read_definition_changes(reading, record.run, subject.node)
        except StoreError as error:
            self._versions = []
            self.query_one(CodeView).clear(str(error))
            return
        model = record.models.get(subject.node)
        self._versions = versions_of(changes, model.error if model else None)
        self._show_version()

    def _show_version(self) -> None:
        version = self._shown
        if version is None:
            return
        line = Text()
        for each in self._versions:
            style = "bold" if each is version else formats.MUTED
            line.append("   " if line else "").append(each.label, style)
        self.query_one("#version", Static).update(line.append("   d next", formats.MUTED))
        view = self.query_one(CodeView)
        if version.text is None:
            view.clear(version.said or "This text is not known.")
        else:
            view.show_text(version.text, language=version.language, mark=version.mark)

    @property
    def _shown(self) -> VersionText | None:
        """The one that was asked for; else the one with the line that failed, or the first that is known."""
        asked_for = [each for each in self._versions if each.name == self._wanted]
        marked = [each for each in self._versions if each.mark is not None]
        known = [each for each in self._versions if each.text is not None]
        return next(iter((*asked_for, *marked, *known, *self._versions)), None)

    def next_version(self) -> None:
        """Shows the next text."""
        if (version := self._shown) is not None:
            self._wanted = after(self._versions, version).name
            self._show_version()

    def take_focus(self) -> None:
        """The keys scroll."""
        self.query_one(CodeView).focus()

    def copied(self) -> str | None:
        """The text that is shown."""
        return self._shown.text if self._shown else None

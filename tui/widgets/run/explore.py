"""The tab with the lineage of the run, why it is red, and everything about the chosen model."""

from collections.abc import Callable
from functools import partial
from typing import ClassVar, Literal

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.events import Resize
from textual.widgets import ContentSwitcher, Static

from store.errors import StoreError
from store.lineage.causes import RootCause
from store.paths import RunPaths
from tui import formats, keymap, run_actions
from tui.formats import styled
from tui.run_view.explore.about import about_line, why_empty
from tui.run_view.explore.explored import Explored, cone_of, explore, failed_only, first_to_look_at, is_up_to_date
from tui.run_view.explore.nodes import BAD_STATUSES, NodeLook, look_of
from tui.run_view.view import RunView
from tui.services import Services
from tui.widgets.lineage_graph import LineageGraph
from tui.widgets.run.explore_causes import CausesTable
from tui.widgets.run.explore_chosen import ChosenLine
from tui.widgets.run.explore_page import Asked, Subject
from tui.widgets.run.explore_pages import ModelPages
from tui.widgets.run.pane import PanePlace, RunPane
from tui.widgets.run.search_box import SearchBox

Scope = Literal["all", "failed"] | RootCause

_WIDE = 190
"""Cells from which on the pages stand beside the graph, which itself is wide."""
_HIGH = 22
"""Rows from which on graph and pages are seen at once."""


class ExplorePane(RunPane):
    """The graph, or the root causes, and the pages about the chosen model: below, beside, or instead of it."""

    BINDINGS: ClassVar[list[BindingType]] = keymap.bindings("explore")
    DEFAULT_CSS = """
    ExplorePane { layout: vertical; }
    ExplorePane > #map { height: 55%; }
    ExplorePane > #map > #about { height: 1; padding: 0 1; text-wrap: nowrap; text-overflow: ellipsis; }
    ExplorePane > #map > ContentSwitcher { height: 1fr; }
    ExplorePane.-low ChosenLine, ExplorePane.-full ChosenLine { display: block; }
    ExplorePane.-causes ChosenLine { display: block; height: auto; max-height: 8; text-wrap: wrap; }
    ExplorePane > ModelPages { height: 1fr; border-top: solid $secondary-muted; }
    ExplorePane.-wide { layout: horizontal; }
    ExplorePane.-wide > #map { width: 58%; height: 1fr; }
    ExplorePane.-wide > ModelPages { width: 1fr; border-top: none; border-left: solid $secondary-muted; }
    ExplorePane.-low > #map { height: 1fr; }
    ExplorePane.-low > ModelPages { display: none; }
    ExplorePane.-zoomed > ModelPages { display: block; width: 1fr; height: 1fr; border: none; }
    ExplorePane.-zoomed > #map { display: none; }
    ExplorePane.-full > #map { display: block; width: 1fr; height: 1fr; }
    ExplorePane.-full > ModelPages { display: none; }
    ExplorePane > .empty { display: none; height: 1fr; padding: 1 2; }
    ExplorePane.-empty > .empty { display: block; }
    ExplorePane.-empty > #map, ExplorePane.-empty > ModelPages { display: none; }
    """

    def __init__(self, paths: RunPaths, services: Services) -> None:
        super().__init__(paths, "explore")
        self._services = services
        self._explored = Explored()
        self._scope: Scope = "all"
        self._wanted: str | None = None
        self._asked_early: Callable[[], None] | None = None

    def compose(self) -> ComposeResult:
        """The graph or the causes, the pages, and what stands there while there is nothing to show."""
        with Vertical(id="map"):
            yield Static(id="about", markup=False)
            with ContentSwitcher(initial="graph"):
                yield LineageGraph(self._look_of, id="graph")
                yield CausesTable()
            yield ChosenLine()
            yield SearchBox("part of a model's name")
        yield ModelPages(self._services)
        yield Static(classes="empty", markup=False)

    # -- showing ------------------------------------------------------------------------------------------------

    def show(self, view: RunView) -> None:
        """Shows the run as it is now."""
        self.view = view
        if not is_up_to_date(self._explored, view.record):
            self.load(partial(self._explore, view), "explore")
        self._graph.refresh()
        self._show_subject()

    def tick(self, view: RunView) -> None:
        """Durations count."""
        super().tick(view)
        if view.record.run.counts.models_running:
            self._graph.refresh()
            self._say_chosen()

    async def _explore(self, view: RunView) -> None:
        try:
            self._explored = await explore(self._services.reads, view.record, self._explored)
        except StoreError as error:
            self._say_empty(str(error))
            return
        self._say_empty("" if self._explored.graph.order else why_empty(view.record.run))
        self.query_one(CausesTable).show(self._explored.causes)
        self._show_graph()
        self._show_subject()
        asked, self._asked_early = self._asked_early, None
        if asked is not None and self._explored.graph.order:
            asked()

    def _say_empty(self, sentence: str) -> None:
        self.set_class(bool(sentence), "-empty")
        self.query_one(".empty", Static).update(sentence)

    def _show_graph(self) -> None:
        """Shows the part of the graph that is asked for."""
        if self.view is None:
            return
        explored, record = self._explored, self.view.record
        match self._scope:
            case "all":
                graph = explored.graph
            case "failed":
                graph = failed_only(explored, record)
            case root:
                graph = cone_of(explored, root)
        wanted = self._wanted or self._graph.chosen or first_to_look_at(explored, record)
        self._graph.show(graph, explored.names, wanted)
        self._say_about()

    def _say_about(self) -> None:
        graph = self._graph
        line = about_line(graph.picture, graph.total, self._scope, self._explored.causes)
        self.query_one("#about", Static).update(line, layout=False)

    def _say_chosen(self) -> None:
        view, node, row = self.view, self._graph.chosen, self.query_one(CausesTable).cursor_value
        if view is not None and row is not None and self._causes_are_shown:
            self.query_one(ChosenLine).show_cause(row, view)
        elif view is not None and node is not None:
            self.query_one(ChosenLine).show_node(node, self._look_of(node), view, self._explored)

    def _show_subject(self) -> None:
        self._say_chosen()
        node = self._graph.chosen
        if self.view is not None and node is not None and node in self._explored.lineage.nodes:
            self.query_one(ModelPages).show(Subject(self.view, self._explored.lineage, node, self._explored.trouble))

    def _look_of(self, node: str) -> NodeLook:
        assert self.view is not None, "a graph is drawn only of a run that was read"
        return look_of(self.view.record, self._explored.lineage, node, self._explored.trouble, self.view.now)

    @on(LineageGraph.Chosen)
    def _node_chosen(self, event: LineageGraph.Chosen) -> None:
        event.stop()
        self._wanted = event.node
        self._show_subject()

    @on(LineageGraph.Changed)
    def _picture_changed(self, event: LineageGraph.Changed) -> None:
        event.stop()
        self._say_about()

    @on(LineageGraph.Refused)
    def _refused(self, event: LineageGraph.Refused) -> None:
        event.stop()
        run_actions.notify(self.app, event.sentence)

    @on(Asked)
    def _asked_for(self, event: Asked) -> None:
        """A page names another model: it becomes the chosen one."""
        event.stop()
        self.select(event.node)

    # -- root causes --------------------------------------------------------------------------------------------

    def action_show_causes(self) -> None:
        """The root causes with what they took down; again for the whole graph."""
        if self._causes_are_shown:
            self._show_scope("all")
        elif not self._explored.graph.order:
            self._asked_early = self.action_show_causes
        elif not self._explored.causes.roots:
            run_actions.notify(
                self.app, "No model or blocking audit of this run failed: there is no cause to look for."
            )
        else:
            self._close_full()
            self._switch("causes")
            self.remove_class("-zoomed")
            self.query_one(CausesTable).focus()
            self.query_one("#about", Static).update(styled(self._explored.causes.sentence(), formats.BAD), layout=False)

    def action_toggle_failed(self) -> None:
        """Only what failed and what that took down, or everything again."""
        if self._scope == "failed":
            self._show_scope("all")
        elif not self._explored.graph.order:
            self._asked_early = self.action_toggle_failed
        elif self.view is None or not failed_only(self._explored, self.view.record).order:
            run_actions.notify(self.app, "Nothing failed in this run, and nothing was skipped.")
        else:
            self._show_scope("failed")

    def _show_scope(self, scope: Scope) -> None:
        self._scope = scope
        self._switch("graph")
        self._show_graph()
        self._show_subject()
        self._graph.focus()

    @on(CausesTable.Looked)
    def _cause_looked_at(self, event: CausesTable.Looked) -> None:
        event.stop()
        self._say_chosen()
        if event.row.node is not None and self._causes_are_shown:
            self._wanted = event.row.node
            self._graph.choose(event.row.node)

    @on(CausesTable.Chosen)
    def _cause_chosen(self, event: CausesTable.Chosen) -> None:
        event.stop()
        self._wanted = event.row.node
        self._show_scope(event.row.root)
        if event.row.node is not None:
            self._graph.choose(event.row.node)

    def action_next_bad(self, direction: int) -> None:
        """Goes to the next model that failed, the worst root cause first."""
        if self.view is None:
            return
        record = self.view.record
        failed = [root.model for root in self._explored.causes.roots if root.model in record.models]
        failed += [node for node, model in record.models.items() if model.status in BAD_STATUSES and model.error]
        found = [node for node in dict.fromkeys(failed) if node is not None]
        if not found:
            run_actions.notify(self.app, "No model of this run failed.")
            return
        here = found.index(self._graph.chosen) if self._graph.chosen in found else None
        place = (0 if direction > 0 else -1) if here is None else (here + direction) % len(found)
        self.select(found[place])

    # -- the page's keys ----------------------------------------------------------------------------------------

    def take_focus(self) -> None:
        """The keys go to what is seen."""
        if self.has_class("-zoomed"):
            self.query_one(ModelPages).take_focus()
        else:
            (self.query_one(CausesTable) if self._causes_are_shown else self._graph).focus()

    def meet(self, node: str) -> None:
        """The model that was chosen on the tab before becomes the chosen one, or that of the chosen audit."""
        audits = self.view.record.audits.values() if self.view is not None else ()
        self._wanted = next((audit.model for audit in audits if audit.audit == node), node)
        if self._wanted is not None:
            self.select(self._wanted)

    def place(self) -> PanePlace:
        """The chosen model, and what is seen of it."""
        return PanePlace(self._graph.chosen, detail_is_open=self.has_class("-zoomed"))

    def come_back(self, place: PanePlace) -> None:
        """Makes it as it was."""
        self._wanted = place.cursor
        self.set_class(place.detail_is_open, "-zoomed")

    def select(self, key: str) -> None:
        """Chooses a model, and goes there; everything is shown again where it is not in what is shown."""
        if key in self._explored.graph.parents and not self._graph.choose(key):
            self._wanted = key
            self._show_scope("all")

    def open_detail(self) -> None:
        """The pages about the chosen model get the keys, and where there is no room for both, the whole pane."""
        if self.has_class("-empty") or self._graph.chosen is None:
            return
        self._close_full()
        self.set_class(self.has_class("-low"), "-zoomed")
        self.query_one(ModelPages).take_focus()

    def close_detail(self) -> None:
        """A step back: out of the pages, the full screen, the causes, the narrowed graph."""
        if self.has_class("-zoomed") or self.query_one(ModelPages).has_focus_within:
            self.remove_class("-zoomed")
            self.take_focus()
        elif self.has_class("-full"):
            self._close_full()
        else:
            self._show_scope("all")

    @property
    def detail_is_open(self) -> bool:
        """Whether there is something to close."""
        return (
            self.has_class("-zoomed")
            or self.has_class("-full")
            or self._causes_are_shown
            or self._scope != "all"
            or self.query_one(ModelPages).has_focus_within
        )

    def action_toggle_full(self) -> None:
        """The graph alone on the screen, or as before."""
        if self.has_class("-full"):
            self._close_full()
            return
        self.remove_class("-zoomed")
        self._switch("graph")
        self.add_class("-full")
        self.screen.add_class("-full")
        self._graph.focus()

    def _close_full(self) -> None:
        self.remove_class("-full")
        self.screen.remove_class("-full")

    def on_hide(self) -> None:
        """Another tab needs the head of the page."""
        self._close_full()

    def action_next_part(self, direction: int) -> None:
        """The next page about the model; where there is no room for both, it takes the graph's place."""
        pages = self.query_one(ModelPages)
        if self.has_class("-low") and not self.has_class("-zoomed"):
            self.open_detail()
        else:
            pages.turn(direction)

    def action_show_definition(self) -> None:
        """The definition of the chosen model, or the next of its texts."""
        pages = self.query_one(ModelPages)
        pages.next_version()
        if not pages.display:
            self.open_detail()

    def copied(self) -> str | None:
        """What is chosen on the page, else the unique name of the chosen model."""
        pages = self.query_one(ModelPages)
        return (pages.page.copied() if pages.has_focus_within else None) or self._graph.chosen

    def chosen_node(self) -> str | None:
        """The chosen model's unique name."""
        return self._graph.chosen

    def action_search(self) -> None:
        """Asks for a part of a model's name."""
        self.search()

    def search(self) -> bool:
        """Asks for a part of a model's name."""
        self.remove_class("-zoomed")
        self._switch("graph")
        self.query_one("#map SearchBox", SearchBox).open()
        return True

    @on(SearchBox.Typed, "#map SearchBox")
    def _typed(self, event: SearchBox.Typed) -> None:
        event.stop()
        if event.text:
            self._graph.search(event.text)

    @on(SearchBox.Closed, "#map SearchBox")
    def _searched(self, event: SearchBox.Closed) -> None:
        event.stop()
        event.box.remove_class("-open")
        if event.text and not self._graph.search(event.text):
            run_actions.notify(self.app, f'No model here has "{event.text}" in its name.')
        self._graph.focus()

    def on_resize(self, event: Resize) -> None:
        """Puts the pages where there is room for them."""
        wide = event.size.width >= _WIDE
        self.set_class(wide, "-wide")
        low = event.size.height < _HIGH and not wide
        self.set_class(low, "-low")
        if not low:
            self.remove_class("-zoomed")

    @property
    def _graph(self) -> LineageGraph:
        return self.query_one(LineageGraph)

    @property
    def _switcher(self) -> ContentSwitcher:
        return self.query_one("#map > ContentSwitcher", ContentSwitcher)

    def _switch(self, to: Literal["graph", "causes"]) -> None:
        self._switcher.current = to
        self.set_class(to == "causes", "-causes")
        self._say_chosen()

    @property
    def _causes_are_shown(self) -> bool:
        return self._switcher.current == "causes"

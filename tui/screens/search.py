"""One box that searches the logs of a run, of the last runs of its job, or of the whole workspace."""

import asyncio
from collections.abc import Mapping
from contextlib import aclosing
from dataclasses import replace
from typing import Any, ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.widgets import DataTable, Input, Static

from store.errors import StoreError
from store.logs.matching import BadPattern, Matcher, matcher
from store.search.searching import Found, Progress, Unread, search
from tui import formats, keymap
from tui.journey import Spot
from tui.search.cells import COLUMNS, cells
from tui.search.choices import ScopeChoice
from tui.search.place import LogPlace
from tui.search.results import LINES_OF_A_GROUP, GroupRow, LineRow, Row, RunRow, SearchResults
from tui.search.status import SearchState, status_text
from tui.services import Services
from tui.times import zone_of
from tui.widgets.key_line import KeyLine
from tui.widgets.keyed_table import KeyedTable

_TYPING_PAUSE_S = 0.25
_PAINT_EACH_S = 0.1
_INVITATION = "Type what to look for in the logs: hits appear here, by run, step and model."
_NO_HITS = "No line of these logs has that. ctrl+o searches elsewhere, ctrl+r takes it as a regular expression."


class SearchInput(Input):
    """The box; from it one goes on to the hits."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", "to the hits"),
        Binding("down", "submit", show=False),
    ]


class HitTable(KeyedTable[Row]):
    """The hits."""

    BINDINGS: ClassVar[list[BindingType]] = [keymap.BY_ID["search.open"].binding(), *keymap.bindings("lists")]


class SearchScreen(Screen[None]):
    """Hits stream in while one goes through them; `enter` opens the place, and coming back finds them as they were."""

    CSS_PATH = "search.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        key.binding() for key in keymap.keys_of("search") if key.id != "search.open"
    ]
    HELP_SCOPES: ClassVar[tuple[keymap.Scope, ...]] = ("search", "lists")

    def __init__(
        self, services: Services, choices: tuple[ScopeChoice, ...], text: str = "", regex: bool = False, chosen: int = 0
    ) -> None:
        """`choices` are the places that can be searched, `chosen` the one that is."""
        super().__init__()
        self.services = services
        self._choices = choices
        self._chosen = chosen
        self._text = text
        self._regex = regex
        self._wanted: Matcher | None = None
        self._results = SearchResults()
        self._state = SearchState()
        self._typed: asyncio.TimerHandle | None = None

    def compose(self) -> ComposeResult:
        """Where, what, hits, how it stands, keys."""
        yield Static(id="search-places")
        yield SearchInput(
            self._text, placeholder="search the logs", compact=True, select_on_focus=False, id="search-box"
        )
        yield HitTable(self._cells, COLUMNS, show_header=False)
        yield Static(id="search-empty", markup=False)
        yield Static(id="search-status")
        yield KeyLine()

    def on_mount(self) -> None:
        """Searches at once for what was searched for before."""
        self.query_one(Input).focus()
        self._show_places()
        self._begin()

    def spot(self) -> Spot:
        """The search as it is now."""
        text, regex, chosen = self._box.value, self._regex, self._chosen
        choices = self._choices
        key = ("search", choices, text, regex, chosen)
        return Spot(key, lambda: SearchScreen(self.services, choices, text, regex, chosen))

    # -- searching ----------------------------------------------------------------------------------------------

    @on(Input.Changed)
    def _on_typed(self) -> None:
        """Waits for the end of a word rather than searching for every letter."""
        self._forget_typed()
        self._typed = asyncio.get_running_loop().call_later(_TYPING_PAUSE_S, self._begin)

    @on(Input.Submitted)
    def _on_submitted(self) -> None:
        if self._typed is not None:
            self._begin()
        self.query_one(HitTable).focus()

    def _forget_typed(self) -> None:
        if self._typed is not None:
            self._typed.cancel()
        self._typed = None

    def on_unmount(self) -> None:
        """Nobody waits for what was typed last."""
        self._forget_typed()

    def _begin(self) -> None:
        """Searches for what stands in the box, where that is chosen; what was searched for before is forgotten."""
        self._forget_typed()
        self.workers.cancel_group(self, "search")
        self._results, self._state, self._wanted = SearchResults(), SearchState(), None
        pattern = self._box.value
        try:
            self._wanted = matcher(pattern, regex=self._regex) if pattern else None
        except BadPattern as error:
            self._paint(formats.styled(str(error), formats.BAD))
            return
        if self._wanted is not None:
            self._state = SearchState("searching")
            self.run_worker(self._search(self._wanted, self._results), group="search", exclusive=True)
        self._paint()

    async def _search(self, wanted: Matcher, results: SearchResults) -> None:
        found = search(
            self.services.reads, self.services.paths, self._choices[self._chosen].scope, wanted, most=LINES_OF_A_GROUP
        )
        loop = asyncio.get_running_loop()
        painted = loop.time()
        try:
            async with aclosing(found) as events:
                async for event in events:
                    self._take_in(event, results)
                    if loop.time() - painted >= _PAINT_EACH_S:
                        self._paint()
                        painted = loop.time()
        except StoreError as error:
            self._state = SearchState()
            self._paint(formats.styled(str(error), formats.BAD))
            return
        self._state = replace(self._state, stage="done")
        self._paint()

    def _take_in(self, event: Found | Progress | Unread, results: SearchResults) -> None:
        match event:
            case Found():
                results.add(event)
            case Progress():
                self._state = replace(self._state, progress=event)
            case Unread():
                self._state = replace(self._state, unread=self._state.unread + 1)

    # -- showing ------------------------------------------------------------------------------------------------

    def _paint(self, problem: Text | None = None) -> None:
        # The parts of a page that is being left are gone before its workers are.
        if not self.query(HitTable):
            return
        table, empty = self.query_one(HitTable), self.query_one("#search-empty", Static)
        table.set_rows(self._results.rows())
        table.display = bool(self._results.lines)
        empty.display = not table.display
        empty.update(problem or Text(self._in_place_of_hits(), formats.MUTED))
        self.query_one("#search-status", Static).update(status_text(self._state, self._results))

    def _in_place_of_hits(self) -> str:
        return {"nothing": _INVITATION, "searching": "", "stopped": ""}.get(self._state.stage, _NO_HITS)

    def _show_places(self) -> None:
        text = Text("Search ", "bold").append("in ", "not bold dim")
        for number, choice in enumerate(self._choices):
            text.append(f" {choice.name} ", "reverse not bold" if number == self._chosen else "not bold dim")
        text.append("   regular expression" if self._regex else "", f"not bold {formats.WARNING}")
        self.query_one("#search-places", Static).update(text)

    def _cells(self, row: Row) -> Mapping[str, Text]:
        return cells(row, self._wanted, self.services.clock(), zone_of(self))

    def times_changed(self) -> None:
        """Times are shown in another zone."""
        self.query_one(HitTable).redraw()

    @property
    def _box(self) -> Input:
        return self.query_one(Input)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """In the box, its own key is a letter; of one run there are no others."""
        if action == "next_last":
            return self._choices[self._chosen].has_more_runs
        if action == "edit" and self.query(Input) and self._box.has_focus:
            return False
        return super().check_action(action, parameters)

    # -- keys ---------------------------------------------------------------------------------------------------

    @on(DataTable.RowSelected)
    def _open(self, event: DataTable.RowSelected) -> None:
        event.stop()
        app: Any = self.app
        match self.query_one(HitTable).cursor_value:
            case RunRow(run):
                app.open_run(run.id)
            case GroupRow(run=run, log=log, first=first):
                app.open_run(run.id, LogPlace(log, first, self._wanted))
            case LineRow(run, log, line):
                app.open_run(run.id, LogPlace(log, line.offset, self._wanted))

    def action_next_scope(self) -> None:
        """Searches the next place."""
        self._chosen = (self._chosen + 1) % len(self._choices)
        self._search_elsewhere()

    def action_next_last(self) -> None:
        """Searches more runs of the same place, or fewer."""
        number = self._chosen
        more = self._choices[number].with_next_last()
        self._choices = (*self._choices[:number], more, *self._choices[number + 1 :])
        self._search_elsewhere()

    def _search_elsewhere(self) -> None:
        self._show_places()
        self.refresh_bindings()
        self._begin()

    def action_toggle_regex(self) -> None:
        """Takes what stands in the box as a regular expression, or as it is."""
        self._regex = not self._regex
        self._show_places()
        self._begin()

    def action_edit(self) -> None:
        """Goes to the box."""
        self._box.focus()

    async def action_give_up(self) -> None:
        """Stops the search that goes on; where none does, goes back."""
        app: Any = self.app
        if self._state.stage != "searching":
            await app.action_back()
            return
        self.workers.cancel_group(self, "search")
        self._state = replace(self._state, stage="stopped")
        self._paint()

"""A log with all that one does to it: search, choose what is shown, go somewhere, take lines out."""

from collections.abc import Callable
from dataclasses import replace
from typing import ClassVar

from textual import on
from textual.actions import SkipAction
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container
from textual.message import Message

from tui import keymap
from tui.log.modes import LogModes
from tui.log.programs import editor, pager
from tui.log.reading import LogReading
from tui.widgets.log_outlet import LogOutlet
from tui.widgets.log_place_box import LogPlaceBox
from tui.widgets.log_search_bar import LogSearchBar
from tui.widgets.log_view import LogView


class LogPane(Container):
    """The view of a log above the lines in which one types; its keys work while the log has the focus."""

    BINDINGS: ClassVar[list[BindingType]] = keymap.bindings("log_lines")
    DEFAULT_CSS = """
    LogPane { height: 1fr; }
    """

    class Copied(Message):
        """These lines are to go to the clipboard."""

        def __init__(self, text: str, lines: int) -> None:
            super().__init__()
            self.text = text
            self.lines = lines

    class FullAsked(Message):
        """The log is to have the whole screen, or no longer."""

    def __init__(self, *, empty: str = "") -> None:
        super().__init__()
        self._empty = empty
        self._before_search: int | None = None
        self._outlet = LogOutlet(self)

    def compose(self) -> ComposeResult:
        """The log, and what is hidden until it is asked for."""
        yield LogView(empty=self._empty)
        yield LogSearchBar()
        yield LogPlaceBox()

    @property
    def log_view(self) -> LogView:
        """The view."""
        return self.query_one(LogView)

    @property
    def _bar(self) -> LogSearchBar:
        return self.query_one(LogSearchBar)

    @property
    def _reading(self) -> LogReading:
        """Raises SkipAction where there is no log: then the key is for somebody else."""
        reading = self.log_view.reading
        if reading is None or not reading.exists:
            raise SkipAction
        return reading

    # -- searching ----------------------------------------------------------------------------------------------

    def search(self) -> None:
        """Asks what to search for."""
        reading = self.log_view.reading
        self._before_search = None if reading is None or reading.following else reading.top_offset
        self._bar.open()

    @on(LogView.SearchAsked)
    def _search_asked(self, event: LogView.SearchAsked) -> None:
        event.stop()
        self.search()

    @on(LogSearchBar.Searched)
    def _searched(self, event: LogSearchBar.Searched) -> None:
        event.stop()
        view = self.log_view
        present = None if view.reading is None else view.reading.wanted
        is_same = present is not None and event.wanted is not None and present.means(event.wanted)
        if not is_same:
            view.search_for(event.wanted)
        if not event.typed:
            if event.wanted is None and present is not None:
                self._go_back()
            view.focus()

    def _go_back(self) -> None:
        """Nothing is searched for any more: to where one was."""
        if self._before_search is None:
            self.log_view.follow()
        else:
            self.log_view.go_to_byte(self._before_search)

    @on(LogView.StatusChanged)
    def _status_changed(self, event: LogView.StatusChanged) -> None:
        self._bar.say(event.status)

    def action_toggle_regex(self) -> None:
        """The pattern is a regular expression, or just text."""
        self._bar.toggle_regex(search_again=self._reading.wanted is not None)

    def action_next_error(self, direction: int) -> None:
        """Goes to the next error of the log; in one without any the key is for the page."""
        reading = self._reading
        errors = reading.survey.errors
        if errors.is_done(reading.size) and not errors.count:
            raise SkipAction
        self.log_view.act(lambda reading: reading.find_error(direction))

    # -- what is shown ------------------------------------------------------------------------------------------

    def _change(self, change: Callable[[LogModes], LogModes]) -> None:
        self._reading  # noqa: B018 - where there is no log, the key is for somebody else
        self.log_view.change_modes(change(self.log_view.modes))

    def action_only_matching(self) -> None:
        """Shows only the lines that match what is searched for, or all; asks for it where nothing is."""
        self._change(lambda modes: replace(modes, only_matching=not modes.only_matching))
        if self._reading.wanted is None and self.log_view.modes.only_matching:
            self.search()

    def action_context(self, more: int) -> None:
        """Shows more lines around those that are shown, or fewer."""
        if not self.log_view.modes.is_filtering:
            raise SkipAction
        self._change(lambda modes: modes.with_context(more))

    def action_next_level(self) -> None:
        """Shows the lines of other levels."""
        self._change(LogModes.with_next_level)

    def action_toggle_wrap(self) -> None:
        """Wraps long lines, or cuts them."""
        self._change(lambda modes: replace(modes, wrap=not modes.wrap))

    def action_toggle_numbers(self) -> None:
        """Numbers the lines, or does not."""
        self._change(lambda modes: replace(modes, numbers=not modes.numbers))

    def action_toggle_full(self) -> None:
        """Asks for the whole screen, or gives it back."""
        self.post_message(self.FullAsked())

    def action_next_times(self) -> None:
        """Shows the times in another way."""
        self._change(LogModes.with_next_times)

    # -- going about --------------------------------------------------------------------------------------------

    def action_go_to(self) -> None:
        """Asks where to go."""
        self._bar.close()
        self.query_one(LogPlaceBox).open()

    @on(LogPlaceBox.Chosen)
    def _place_chosen(self, event: LogPlaceBox.Chosen) -> None:
        event.stop()
        if event.place is not None:
            self.log_view.go_to_place(event.place)
        self.log_view.focus()

    def action_toggle_mark(self) -> None:
        """Marks a line, or takes its mark away."""
        self._reading  # noqa: B018
        self.log_view.act(self.log_view.picked.toggle_mark)
        self.log_view.fit()

    def action_next_mark(self, direction: int) -> None:
        """Goes to the next mark."""
        self._reading  # noqa: B018
        if not self.log_view.act(lambda reading: self.log_view.picked.go_to_mark(reading, direction)):
            self.log_view.say("no line is marked: m marks one")

    def action_leave(self) -> None:
        """Ends what was begun last: the selection, the search, the choice of lines; then the key is for the page."""
        view = self.log_view
        reading = self._reading
        if view.selection is not None:
            self._select(False)
        elif view.act(LogReading.stop):
            view.say("stopped")
        elif reading.wanted is not None:
            view.search_for(None)
        elif view.modes.is_filtering:
            view.change_modes(view.modes.of_all_lines())
        else:
            raise SkipAction

    # -- taking lines out ---------------------------------------------------------------------------------------

    def action_select(self) -> None:
        """Begins to select lines, or selects none."""
        self._reading  # noqa: B018
        self._select(self.log_view.selection is None)

    def _select(self, selecting: bool) -> None:
        self.log_view.act(lambda reading: self.log_view.picked.select(reading, selecting))

    def action_copy_lines(self) -> None:
        """Copies the selected lines, or the one that was found or is on top."""
        reading, selection = self._reading, self.log_view.selection
        here = reading.here
        if selection is not None:
            first, last = selection.first, selection.last
        elif here is not None:
            first = last = here.start
        else:
            raise SkipAction
        self.run_worker(self._copy(reading, first, last), group="act")

    async def _copy(self, reading: LogReading, first: int, last: int) -> None:
        copied = await self._outlet.copied(reading, first, last)
        if copied is not None:
            self._select(False)
            self.post_message(self.Copied(*copied))

    def action_save_log(self) -> None:
        """Saves the whole log elsewhere."""
        self.run_worker(self._outlet.save(self._reading.log, None), group="act")

    def action_save_shown(self) -> None:
        """Saves the lines that are shown elsewhere."""
        self.run_worker(self._outlet.save(self._reading.log, self._reading.filter), group="act")

    def action_open_pager(self) -> None:
        """Opens the log in the person's pager."""
        self.run_worker(self._outlet.open(self._reading, pager), group="act", exclusive=True)

    def action_open_editor(self) -> None:
        """Opens the log in the person's editor."""
        self.run_worker(self._outlet.open(self._reading, editor), group="act", exclusive=True)

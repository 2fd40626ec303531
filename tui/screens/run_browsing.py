"""Going about in the page of a run: from failure to failure, from tab to tab, from a row to what belongs to it."""

from collections.abc import Callable

from textual import on

from store.run_failures import Failure, failures
from store.run_record import RunRecord, related
from tui import run_actions
from tui.run_view.code import code_facts
from tui.run_view.links import links_of
from tui.run_view.plan import uncategorised, why_not_applied
from tui.run_view.steps import step_at
from tui.run_view.torn import unrepaired
from tui.screens.run_acting import ActsOnRun
from tui.widgets.run.explore import ExplorePane
from tui.widgets.run.pane import Found, RunPane
from tui.widgets.run.steps import StepsPane
from tui.widgets.run.timeline import TimelinePane

_TAB_OF_FAILURE = {"model": "models", "audit": "audits", "step": "steps"}
_ONLY_WHEN: dict[str, Callable[[RunRecord], bool]] = {
    "stop_run": lambda record: record.run.is_active,
    "watch": lambda record: record.run.is_active,
    "rerun_run": lambda record: not record.run.is_active,
    "rerun_failed": lambda record: not record.run.is_active,
    "next_error": lambda record: bool(failures(record)),
    "show_alike": lambda record: bool(record.causes),
    "apply_plan": lambda record: why_not_applied(record) is None or bool(uncategorised(record)),
    "go_to_linked": lambda record: bool(links_of(record)),
    "show_code": lambda record: bool(code_facts(record.run)),
    "repair": lambda record: bool(unrepaired(record)),
}
"""What a key needs of the run before it means anything."""

_ONLY_HERE: dict[str, Callable[[RunPane], bool]] = {
    "close_detail": lambda pane: pane.detail_is_open,
    "open_detail": lambda pane: not pane.detail_is_open and not pane.has_class("-empty"),
    "next_order": lambda pane: bool(pane.order),
    "show_log": lambda pane: pane.chosen_node() is not None,
    "show_related": lambda pane: pane.chosen_node() is not None,
    "show_definition": lambda pane: pane.chosen_node() is not None,
    "zoom": lambda pane: isinstance(pane, TimelinePane),
    "shift": lambda pane: isinstance(pane, TimelinePane),
}
"""What a key needs of the tab in front."""


class BrowsesRun(ActsOnRun):
    """Base of the run page: its keys, as far as they only look at something else."""

    _error_index: int | None = None

    @property
    def record(self) -> RunRecord | None:
        """The run as it was read last; None before that."""
        raise NotImplementedError

    @property
    def pane(self) -> RunPane:
        """The tab in front."""
        raise NotImplementedError

    @property
    def tab(self) -> str:
        """Its name."""
        raise NotImplementedError

    def open_tab(self, tab: str) -> None:
        """Brings a tab to the front."""
        raise NotImplementedError

    def show_tabs(self) -> None:
        """Says anew what the tabs hold and what the one in front is sorted by."""
        raise NotImplementedError

    def go_to_failure(self, found: tuple[Failure, ...], index: int) -> None:
        """Goes to one of the failures."""
        self._error_index = index
        self.open_tab(_TAB_OF_FAILURE[found[index].kind])
        self.pane.select(found[index].key)

    def action_next_error(self, direction: int) -> None:
        """Goes to the next failure, or the one before, across the tabs."""
        found = failures(self.record) if self.record else ()
        if not found:
            return
        before = self._error_index
        index = (0 if direction > 0 else -1) if before is None else before + direction
        self.go_to_failure(found, index % len(found))

    def action_neighbour(self, direction: int) -> None:
        """Shows the next or the previous run of the same job in this one's place."""
        if self.record is None:
            return
        run_id = self.record.following if direction > 0 else self.record.previous
        if run_id is None:
            run_actions.notify(self.app, f"#{self.run_id} is the {'last' if direction > 0 else 'first'} of its job.")
            return
        self.go_to_run(run_id)

    def action_go_to_linked(self) -> None:
        """Goes to the run that took this one's place, or that it was made of."""
        if self.record is not None and (links := links_of(self.record)):
            self.go_to_run(links[0].run_id)

    def action_show_code(self) -> None:
        """Shows commit and branch with their web pages, and copies what is taken of it."""
        if self.record is not None:
            self.run_worker(run_actions.show_code(self.app, self.services, self.record.run), group="act")

    def action_open_detail(self) -> None:
        """Gives the detail the whole pane."""
        self.pane.open_detail()
        self.refresh_bindings()

    def action_close_detail(self) -> None:
        """Takes the list back."""
        self.pane.close_detail()
        self.refresh_bindings()

    def action_next_order(self) -> None:
        """Sorts by something else."""
        self.pane.next_order()
        self.show_tabs()

    def action_next_grouping(self) -> None:
        """Groups by something else."""
        self.pane.next_grouping()

    def action_show_log(self) -> None:
        """Goes to the lines of the log about the chosen model or audit."""
        record, node = self.record, self.pane.chosen_node()
        if record is None or node is None:
            return
        step = step_at(record.steps, record.moment_of(node))
        if step is None:
            run_actions.notify(self.app, f"{record.name_of(node)} has no log lines: it was never begun.")
            return
        self.open_tab("steps")
        self.query_one(StepsPane).show_lines_about(record.name_of(node), step)

    def action_show_related(self) -> None:
        """Goes from a model to its audits, and from an audit to its model."""
        record, node = self.record, self.pane.chosen_node()
        found = related(record, node) if record is not None and node is not None else None
        if found is None:
            run_actions.notify(self.app, "No audit of this run checks this." if node else "Nothing is chosen.")
            return
        tab, key = found
        self.open_tab(tab)
        self.pane.select(key)

    def action_show_lineage(self) -> None:
        """Goes from a model to its lineage, and back."""
        self.open_tab("models" if self.tab == "explore" else "explore")

    def action_show_definition(self) -> None:
        """Goes to the definition of the chosen model."""
        self.open_tab("explore")
        self.query_one(ExplorePane).action_show_definition()

    @on(Found)
    def _go_to_found(self, event: Found) -> None:
        self.open_tab(event.tab)
        self.pane.select(event.key)

    def action_zoom(self, direction: int) -> None:
        """Looks closer at the timeline, or at more of it."""
        self.query_one(TimelinePane).zoom(direction)

    def action_shift(self, direction: int) -> None:
        """Looks along the timeline."""
        self.query_one(TimelinePane).shift(direction)

    def action_search(self) -> None:
        """Begins a search in the pane."""
        self.pane.search()

    def copied(self) -> str | None:
        """The chosen error or name."""
        return self.pane.copied()

    def copied_sql(self) -> str | None:
        """The SQL of the chosen model or audit."""
        return self.pane.copied_sql()

    def file_to_save(self) -> str | None:
        """The chosen file or log."""
        return self.pane.file_to_save()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What means nothing here gives its key to whoever else wants it."""
        if action in _ONLY_HERE:
            return _ONLY_HERE[action](self.pane)
        if action in _ONLY_WHEN:
            return self.record is not None and _ONLY_WHEN[action](self.record)
        return super().check_action(action, parameters)

"""The tab with what a plan would do, and how far it is while it is applied."""

from rich.text import Text
from textual.app import ComposeResult
from textual.events import Resize
from textual.widgets import Static

from store.paths import RunPaths
from tui.run_view import plan
from tui.run_view.view import RunView
from tui.widgets.run.pane import RunPane
from tui.widgets.searched import Searched
from tui.widgets.styled_lines import StyledLines


class PlanPane(RunPane):
    """The phases on top while a plan is applied and after, below them every line of the plan."""

    DEFAULT_CSS = """
    PlanPane > #phases { height: auto; padding: 0 1; margin: 0 0 1 0; }
    PlanPane > #phases.-empty { display: none; }
    PlanPane StyledLines { padding: 0 1; }
    """

    def __init__(self, paths: RunPaths) -> None:
        super().__init__(paths, "plan")

    def compose(self) -> ComposeResult:
        """Phases, lines, search."""
        yield Static(id="phases", markup=False, classes="-empty")
        yield Searched(StyledLines(), "search the plan")

    def show(self, view: RunView) -> None:
        """Shows the plan as it is now."""
        self.view = view
        self._lines.show(plan.page_lines(view.record))
        self._show_phases()

    def _show_phases(self) -> None:
        lines = plan.phase_lines(self.view.record, self.size.width - 2) if self.view else []
        phases = self.query_one("#phases", Static)
        phases.update(Text("\n").join(lines))
        phases.set_class(not lines, "-empty")

    def take_focus(self) -> None:
        """The keys scroll."""
        self._lines.focus()

    def copied(self) -> str | None:
        """The whole plan."""
        return "\n".join(line.plain for line in plan.page_lines(self.view.record)) if self.view else None

    def search(self) -> bool:
        """Asks what to search the plan for."""
        self.query_one(Searched).search()
        return True

    def on_resize(self, _: Resize) -> None:
        """The bars have the width that there is."""
        self._show_phases()

    @property
    def _lines(self) -> StyledLines:
        return self.query_one(StyledLines)

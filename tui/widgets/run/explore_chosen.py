"""The line below the graph about the chosen model; below the causes, as many as the whole error takes."""

from textual.widgets import Static

from tui.run_view.explore.cause_rows import Row
from tui.run_view.explore.chosen import cause_text, chosen_line
from tui.run_view.explore.explored import Explored
from tui.run_view.explore.nodes import NodeLook
from tui.run_view.view import RunView


class ChosenLine(Static):
    """Is seen where the pages are not, which say the same, and always below the causes."""

    DEFAULT_CSS = """
    ChosenLine { display: none; height: 1; padding: 0 1; text-wrap: nowrap; text-overflow: ellipsis; }
    """

    def __init__(self) -> None:
        super().__init__(markup=False)

    def show_node(self, node: str, look: NodeLook, view: RunView, explored: Explored) -> None:
        """Says how a node of the graph stands."""
        self.update(chosen_line(look, view.record, explored, node), layout=False)

    def show_cause(self, row: Row, view: RunView) -> None:
        """Says the whole of a root cause, or of what fell with one."""
        self.update(cause_text(row, view.zone))

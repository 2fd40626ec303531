"""What the run page asks of each of its tabs."""

from textual.containers import Container

from store.paths import RunPaths
from tui.run_view.view import RunView


class RunPane(Container):
    """Base of the tabs: each shows its part of the run, and answers the page's keys as far as they concern it."""

    DEFAULT_CSS = """
    RunPane { height: 1fr; }
    """

    def __init__(self, paths: RunPaths, pane_id: str) -> None:
        super().__init__(id=pane_id)
        self.paths = paths
        self.view: RunView | None = None

    def show(self, view: RunView) -> None:
        """Shows the run as it is now."""
        raise NotImplementedError

    def tick(self, view: RunView) -> None:
        """A second has passed while the run goes on; nothing else has changed."""
        self.view = view

    def take_focus(self) -> None:
        """The keys go to what matters most in here."""
        raise NotImplementedError

    def select(self, key: str) -> None:
        """Goes to the row with this key, where there is one."""

    def open_detail(self) -> None:
        """Gives the detail the whole pane."""

    def close_detail(self) -> None:
        """Takes the list back."""

    @property
    def detail_is_open(self) -> bool:
        """Whether there is something to close."""
        return False

    def next_order(self) -> str | None:
        """Sorts by something else; gives what by, None where there is nothing to sort."""
        return None

    def next_grouping(self) -> str | None:
        """Groups by something else; gives what by, None where there is nothing to group."""
        return None

    def copied(self) -> str | None:
        """What `y` copies here; None when there is nothing."""
        return None

    def chosen_node(self) -> str | None:
        """The unique name of the chosen model or audit, for its log lines."""
        return None

    def search(self) -> bool:
        """Begins a search in this pane; False where there is nothing to search."""
        return False

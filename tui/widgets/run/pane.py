"""What the run page asks of each of its tabs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from textual.containers import Container
from textual.message import Message
from textual.worker import WorkType

from store.paths import RunPaths
from tui.run_view.view import RunView

Choice = TypeVar("Choice")


class Found(Message):
    """Asks the page to go to a row of another tab."""

    def __init__(self, tab: str, key: str) -> None:
        super().__init__()
        self.tab = tab
        self.key = key


@dataclass(frozen=True, slots=True)
class PanePlace:
    """A tab as it was left: the row under the cursor (None: the top one), how far down the list was scrolled.

    `arrangement` is the tab's own: orders, groups, searches.
    """

    cursor: str | None = None
    scroll: float = 0.0
    detail_is_open: bool = False
    arrangement: tuple[Any, ...] = ()


def after(choices: Sequence[Choice], choice: Choice) -> Choice:
    """The next of the choices; behind the last comes the first."""
    return choices[(choices.index(choice) + 1) % len(choices)]


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

    def load(self, work: WorkType[None], group: str) -> None:
        """Does something beside the page; what of the same group is still going on is given up."""
        # Without a description Textual would spell out all that the work is given: thousands of models take a while.
        self.run_worker(work, group=group, description=group, exclusive=True)

    def take_focus(self) -> None:
        """The keys go to what matters most in here."""
        raise NotImplementedError

    def select(self, key: str) -> None:
        """Goes to the row with this key, where there is one."""

    def meet(self, node: str) -> None:
        """Goes to the model or audit that was chosen on the tab before, where it is here too."""

    def place(self) -> PanePlace:
        """How it is now, to come back to."""
        return PanePlace(detail_is_open=self.detail_is_open)

    def come_back(self, place: PanePlace) -> None:
        """Makes it as it was; a row that comes only later gets the cursor when it is there."""

    def open_detail(self) -> None:
        """Gives the detail the whole pane."""

    def close_detail(self) -> None:
        """Takes the list back."""

    @property
    def detail_is_open(self) -> bool:
        """Whether there is something to close."""
        return False

    @property
    def order(self) -> str:
        """What the list is sorted by; empty where there is nothing to sort."""
        return ""

    def next_order(self) -> None:
        """Sorts by something else."""

    def next_grouping(self) -> None:
        """Groups by something else."""

    def copied(self) -> str | None:
        """What `y` copies here; None when there is nothing."""
        return None

    def copied_sql(self) -> str | None:
        """What `Y` copies here: the SQL of what is chosen; None where there is none."""
        return None

    def chosen_node(self) -> str | None:
        """The unique name of the chosen model or audit, for its log lines."""
        return None

    def file_to_save(self) -> str | None:
        """The file, relative to the run's folder, that `s` saves elsewhere; None where there is none."""
        return None

    def search(self) -> bool:
        """Begins a search in this pane; False where there is nothing to search."""
        return False

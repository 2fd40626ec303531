"""What the pages about a model have in common."""

from dataclasses import dataclass

from textual.containers import Vertical
from textual.message import Message
from textual.worker import WorkType

from store.lineage.graph import Lineage
from tui.run_view.explore.nodes import Trouble
from tui.run_view.view import RunView


@dataclass(frozen=True, slots=True)
class Subject:
    """The model that is looked at, in its run."""

    view: RunView
    lineage: Lineage
    node: str
    trouble: Trouble


class Asked(Message):
    """A page names another model that is to be looked at."""

    def __init__(self, node: str) -> None:
        super().__init__()
        self.node = node


class ExplorePage(Vertical):
    """Base of the pages. One is asked to show something only while it is seen."""

    DEFAULT_CSS = """
    ExplorePage { height: 1fr; }
    """

    def show(self, subject: Subject) -> None:
        """Shows the model as it is now; often the same one again."""
        raise NotImplementedError

    def take_focus(self) -> None:
        """The keys go to what one reads here."""
        raise NotImplementedError

    def load(self, work: WorkType[None], group: str) -> None:
        """Does something beside the page; what of the same group is still going on is given up."""
        # Without a description Textual would spell out all that the work is given: thousands of models take a while.
        self.run_worker(work, group=group, description=group, exclusive=True)

    def copied(self) -> str | None:
        """What `y` copies here; None for the model's name."""
        return None

    def file_to_save(self) -> str | None:
        """The file, relative to the run's folder, that `s` saves elsewhere; None where there is none."""
        return None

"""What stands in the place of a page's panes while there is nothing to show in them."""

from textual.timer import Timer
from textual.widgets import Static

from tui import formats

CALM_S = 0.15
"""What is read sooner is not announced: a sentence that only flickers up tells nothing."""


class ReadingState(Static):
    """Says that something is read, once that takes a moment, or why it cannot be read. Not there before or after."""

    DEFAULT_CSS = """
    ReadingState { width: 1fr; height: 1fr; padding: 1 2; display: none; }
    """

    def __init__(self) -> None:
        super().__init__(markup=False)
        self._announced: Timer | None = None

    def begin(self, sentence: str) -> None:
        """Something is being read; the sentence is said if that goes on."""
        self._forget()
        self.update()
        self.display = True
        self._announced = self.set_timer(CALM_S, lambda: self.update(formats.styled(sentence, formats.MUTED)))

    def fail(self, sentence: str) -> None:
        """It cannot be read."""
        self._forget()
        self.update(formats.styled(sentence, formats.BAD))
        self.display = True

    def done(self) -> None:
        """There is something to show."""
        self._forget()
        self.display = False

    def _forget(self) -> None:
        if self._announced is not None:
            self._announced.stop()
            self._announced = None

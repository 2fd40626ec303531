"""A small app for the terminal tests: counts, notes each tick in a file, and says how it ended.

Arguments: the file for notes, and optionally --ignore-hangup. Run by a path, not imported by tests.
"""

import signal
import sys
from pathlib import Path
from time import monotonic
from typing import ClassVar

sys.path.insert(0, str(Path(__file__).parents[3]))

from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.widgets import Static

from tui.terminal.driver import TerminalDriver
from tui.terminal.signals import end_on_signals


class SmallApp(App[None]):
    """Repaints the whole screen fifty times a second with the number of the tick."""

    CSS = "#bottom { dock: bottom; }"
    BINDINGS: ClassVar[list[BindingType]] = [("ctrl+z", "suspend_process"), ("s", "stand_still")]

    def __init__(self, notes: Path) -> None:
        super().__init__(driver_class=TerminalDriver)
        self._notes = notes.open("a", buffering=1)
        self._tick = 0
        self._moving = True

    def on_load(self) -> None:
        if "--ignore-hangup" in sys.argv:
            signal.signal(signal.SIGHUP, signal.SIG_IGN)
        else:
            end_on_signals(self)

    def compose(self) -> ComposeResult:
        yield Static(id="body")
        yield Static("never changes", id="bottom")

    def on_mount(self) -> None:
        self.set_interval(0.02, self._show_next)

    def on_unmount(self) -> None:
        print(f"unmounted {monotonic()}", file=self._notes)

    def action_stand_still(self) -> None:
        self._moving = False
        self.query_one("#body", Static).update("standing still")

    def _show_next(self) -> None:
        self._tick += 1
        print(f"tick {self._tick} {monotonic()}", file=self._notes)
        if self._moving:
            filling = "\n".join(f"{line} {self._tick} " * 8 for line in range(20))
            self.query_one("#body", Static).update(f"tick {self._tick}\n{filling}")


if __name__ == "__main__":
    app = SmallApp(Path(sys.argv[1]))
    app.run()
    sys.exit(app.return_code or 0)

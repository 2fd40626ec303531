"""An app of one log for the terminal tests. Argument: the log. Run by its path."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from textual.app import App, ComposeResult

from tui.terminal.driver import TerminalDriver
from tui.terminal.signals import end_on_signals
from tui.widgets.log_pane import LogPane
from tui.widgets.log_view import LogView


class LogApp(App[None]):
    """One log, followed."""

    def __init__(self, path: Path) -> None:
        super().__init__(driver_class=TerminalDriver)
        self._path = path

    def on_load(self) -> None:
        end_on_signals(self)

    def compose(self) -> ComposeResult:
        yield LogPane()

    def on_mount(self) -> None:
        view = self.query_one(LogView)
        view.show(self._path)
        view.focus()


if __name__ == "__main__":
    app = LogApp(Path(sys.argv[1]))
    app.run()
    sys.exit(app.return_code or 0)

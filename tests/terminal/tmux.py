"""A tmux server of its own for a test: the terminal that the program really meets."""

import contextlib
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.support.waiting import until

REPOSITORY = Path(__file__).parents[2]
TMUX = shutil.which("tmux")


class Tmux:
    """One window with one program in it."""

    def __init__(self, socket: Path) -> None:
        self._socket = socket

    def open(self, command: Sequence[str], width: int = 80, height: int = 24) -> None:
        """Starts the server with the command in its window."""
        self._call(
            "new-session", "-d", "-x", str(width), "-y", str(height), "-c", str(REPOSITORY), shlex.join(command),
            ";", "set", "-g", "status", "off", ";", "set", "-g", "escape-time", "0",
        )  # fmt: skip

    def press(self, *keys: str) -> None:
        """Presses keys by tmux's names for them."""
        self._call("send-keys", *keys)

    def resize(self, width: int, height: int) -> None:
        """Makes the window another size."""
        self._call("resize-window", "-x", str(width), "-y", str(height))

    def text(self) -> str:
        """What the window shows; nothing once the program and with it the window is gone."""
        return self._call("capture-pane", "-p", check=False)

    async def shows(self, text: str, limit_s: float = 60.0) -> None:
        """Returns once the window shows this."""
        try:
            await until(lambda: text in self.text(), f"the screen shows {text!r}", limit_s)
        except AssertionError as error:
            raise AssertionError(f"{error}; it shows:\n{self.text()}") from None

    def kill(self) -> None:
        """Ends the server, as when the machine that it runs on is logged out of."""
        self._call("kill-server", check=False)

    def _call(self, *words: str, check: bool = True) -> str:
        assert TMUX is not None, "tests of the terminal are skipped without tmux"
        command = [TMUX, "-S", str(self._socket), "-f", "/dev/null", *words]
        return subprocess.run(command, check=check, capture_output=True, text=True).stdout


@contextlib.contextmanager
def tmux(folder: Path) -> Iterator[Tmux]:
    """A server that ends with the test; its socket lies in `folder`."""
    server = Tmux(folder / "tmux.sock")
    try:
        yield server
    finally:
        server.kill()


def runroom(*arguments: str) -> list[str]:
    """The command line of the program that is tested."""
    return [sys.executable, "-m", "tui.command_line.main", *arguments]

"""The app in a real terminal: signals, a closed terminal, suspension."""

import signal
from pathlib import Path

import psutil
import pytest

from tests.tui.terminal.pseudo_terminal import PseudoTerminal, program, wait_until

SMALL_APP = Path(__file__).with_name("small_app.py")
LEAVE_FULL_SCREEN = b"\x1b[?1049l"
END_OF_RESTORING = b"\x1b[?1004l"


def _started(terminal: PseudoTerminal) -> None:
    terminal.wait_for("tick ")


def _stopped(terminal: PseudoTerminal) -> bool:
    return psutil.Process(terminal.process.pid).status() == psutil.STATUS_STOPPED


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTERM])
def test_an_ending_signal_unmounts_the_app_and_restores_the_terminal(number: signal.Signals, tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    with program(SMALL_APP, str(notes)) as terminal:
        _started(terminal)
        terminal.signal(number)

        assert terminal.wait_for_end() == 128 + number
        wait_until(lambda: LEAVE_FULL_SCREEN in terminal.received, "leaving the full screen")
        assert terminal.settings() == terminal.attributes
    assert "unmounted" in notes.read_text()


def test_a_closed_terminal_ends_the_app_in_good_order(tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    with program(SMALL_APP, str(notes)) as terminal:
        _started(terminal)
        terminal.hang_up()

        assert terminal.wait_for_end() == 128 + signal.SIGHUP
    assert "unmounted" in notes.read_text()


def test_a_terminal_that_vanishes_without_a_signal_ends_the_app(tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    with program(SMALL_APP, str(notes), "--ignore-hangup") as terminal:
        _started(terminal)
        terminal.hang_up()

        assert terminal.wait_for_end() == 128 + signal.SIGHUP
    assert "unmounted" in notes.read_text()


def test_bytes_that_are_not_text_do_not_end_the_app(tmp_path: Path) -> None:
    with program(SMALL_APP, str(tmp_path / "notes")) as terminal:
        _started(terminal)
        terminal.press(b"\xff\xfe\x80")
        terminal.press(b"s")

        terminal.wait_for("standing still")


def test_a_still_screen_is_painted_again_after_a_suspension(tmp_path: Path) -> None:
    with program(SMALL_APP, str(tmp_path / "notes")) as terminal:
        _started(terminal)
        terminal.press(b"s")
        terminal.wait_for("standing still")
        terminal.press(b"\x1a")
        wait_until(lambda: _stopped(terminal), "the process to be stopped")
        wait_until(lambda: terminal.received.endswith(END_OF_RESTORING), "the terminal to be restored")
        terminal.screen.reset()
        terminal.signal(signal.SIGCONT)

        terminal.wait_for("standing still")
        terminal.wait_for("never changes")

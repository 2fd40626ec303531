"""A terminal that stops reading, as the link of a hanging SSH session does."""

import signal
import time
from itertools import pairwise
from pathlib import Path

from tests.tui.terminal import pseudo_terminal
from tests.tui.terminal.pseudo_terminal import PseudoTerminal, program, wait_until

SMALL_APP = Path(pseudo_terminal.__file__).with_name("small_app.py")
TICKS_THAT_OVERFLOW = 120
"""Frames of about 4 KB: far more than the kernel and the writer hold together."""


def _ticks(notes: Path) -> list[tuple[int, float]]:
    lines = (line.split() for line in notes.read_text().splitlines() if line.startswith("tick"))
    return [(int(number), float(when)) for _, number, when in (line for line in lines if len(line) == 3)]


def _wait_for_ticks(notes: Path, count: int) -> None:
    wanted = _ticks(notes)[-1][0] + count
    wait_until(lambda: _ticks(notes)[-1][0] >= wanted, f"tick {wanted}")


def _stalled(terminal: PseudoTerminal, notes: Path) -> None:
    terminal.wait_for("tick ")
    terminal.stall()
    _wait_for_ticks(notes, TICKS_THAT_OVERFLOW)


def test_the_loop_goes_on_while_the_terminal_stalls(tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    with program(SMALL_APP, str(notes)) as terminal:
        terminal.wait_for("tick ")
        terminal.stall()
        before = len(_ticks(notes))
        _wait_for_ticks(notes, TICKS_THAT_OVERFLOW)

    times = [when for _, when in _ticks(notes)[before:]]
    assert max(later - earlier for earlier, later in pairwise(times)) < 1.0


def test_a_termination_signal_ends_the_app_within_a_second(tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    with program(SMALL_APP, str(notes)) as terminal:
        _stalled(terminal, notes)
        asked = time.monotonic()
        terminal.signal(signal.SIGTERM)

        assert terminal.wait_for_end() == 128 + signal.SIGTERM
        assert time.monotonic() - asked < 1.0
    assert "unmounted" in notes.read_text()


def test_a_terminal_that_reads_again_shows_the_present_state(tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    with program(SMALL_APP, str(notes)) as terminal:
        _stalled(terminal, notes)
        terminal.press(b"s")
        _wait_for_ticks(notes, 10)
        terminal.screen.reset()
        terminal.resume()

        terminal.wait_for("standing still")
        wait_until(lambda: "tick" not in terminal.text(), "every line of the old picture to be gone")

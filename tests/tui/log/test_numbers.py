"""Numbers of lines."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.logs.log_file import LogFile
from tui.log import numbers as log_numbers
from tui.log.numbers import LineNumbers


def _open(path: Path, content: bytes) -> LogFile:
    path.write_bytes(content)
    log = LogFile(path)
    log.refresh()
    return log


@given(lengths=st.lists(st.integers(0, 20), max_size=40), ended=st.booleans(), steps=st.sampled_from([1, 3, 100]))
def test_every_line_has_its_number_and_every_number_its_line(
    lengths: list[int], ended: bool, steps: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    lines = [b"x" * length for length in lengths]
    content = b"\n".join(lines) + (b"\n" if ended else b"")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(log_numbers, "_BLOCK_BYTES", 8)
        patch.setattr(log_numbers, "_STEP_BLOCKS", steps)
        log = _open(tmp_path_factory.mktemp("log") / "log", content)
        numbers = LineNumbers()
        while not numbers.is_done(log.size):
            numbers.count_on(log)
        for number, line in enumerate(log.lines_from(0, 100), 1):
            assert numbers.number_at(log, line.start) == number
            assert numbers.offset_of(log, number) == line.start
        last = log.lines_before(log.size, 1)
        assert numbers.offset_of(log, 1000) == (last[0].start if last else 0)
        log.close()


def test_what_was_not_counted_is_not_known_and_growth_is_counted_on(tmp_path: Path) -> None:
    path = tmp_path / "log"
    line = b"x" * 99 + b"\n"
    log = _open(path, line * 200_000)
    numbers = LineNumbers()
    assert numbers.number_at(log, 15_000_000) is None
    assert numbers.offset_of(log, 150_001) is None
    while not numbers.is_done(log.size):
        numbers.count_on(log)
    assert numbers.progress(log.size) == 1.0
    assert numbers.number_at(log, 15_000_000) == 150_001

    with path.open("ab") as file:
        file.write(line * 10_000)
    log.refresh()
    assert not numbers.is_done(log.size)
    while not numbers.is_done(log.size):
        numbers.count_on(log)
    assert numbers.offset_of(log, 210_000) == 209_999 * 100
    log.close()

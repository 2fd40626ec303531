"""Reading logs by offset."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.logs import log_file
from store.logs.log_file import LINE_BYTES_SHOWN, FileUnreadable, LogFile, LogLine, LogState


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "01-build.log"


def _open(path: Path, content: bytes) -> LogFile:
    path.write_bytes(content)
    log = LogFile(path)
    log.refresh()
    return log


def _contents(lines: list[LogLine]) -> list[bytes]:
    return [line.content for line in lines]


LINES = st.lists(st.binary(max_size=30).map(lambda line: line.replace(b"\n", b"")), max_size=30)


@given(lines=LINES, ended=st.booleans(), block=st.sampled_from([5, 16, 64 * 1024]), data=st.data())
def test_lines_are_the_same_read_forwards_and_backwards_whatever_the_block_size(
    lines: list[bytes], ended: bool, block: int, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    content = b"\n".join(lines) + (b"\n" if ended and lines else b"")
    expected = content.split(b"\n")
    expected = expected[:-1] if not expected[-1] else expected
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(log_file, "_BLOCK_BYTES", block)
        log = _open(tmp_path_factory.mktemp("log") / "log", content)
        forwards = log.lines_from(0, 1000)

        assert _contents(forwards) == expected
        assert log.lines_before(log.size, 1000) == forwards
        assert log.count_lines(0, log.size) == content.count(b"\n")
        count = data.draw(st.integers(0, 8))
        assert log.lines_from(0, count) == forwards[:count]
        assert log.lines_before(log.size, count) == forwards[max(0, len(forwards) - count) :]
        for line in forwards:
            assert log.line_start(line.start) == line.start
            assert log.line_start(line.end - 1) == line.start
            assert log.line_end(line.start) == line.end
        log.close()


def test_an_unfinished_last_line_is_marked(path: Path) -> None:
    log = _open(path, b"done\nhalf")

    assert [(line.content, line.complete) for line in log.lines_from(0, 9)] == [(b"done", True), (b"half", False)]


def test_of_a_line_of_ten_megabytes_only_the_beginning_is_kept(path: Path) -> None:
    length = 10_000_000
    log = _open(path, b"before\n" + b"x" * length + b"\nafter\n")
    line = log.lines_from(7, 1)[0]

    assert line.content == b"x" * LINE_BYTES_SHOWN
    assert line.hidden == length - LINE_BYTES_SHOWN
    assert log.lines_before(log.size, 2)[0] == line
    assert _contents(log.lines_from(0, 3))[::2] == [b"before", b"after"]


@pytest.mark.parametrize("times", [1000, 100_000])
def test_a_long_progress_bar_shows_what_it_ended_up_with(path: Path, times: int) -> None:
    log = _open(path, b"".join(b"%d of %d\r" % (done, times) for done in range(times + 1)) + b"\n")

    assert log.lines_from(0, 1)[0].content == b"%d of %d" % (times, times)


def test_a_log_that_does_not_exist_yet_appears(path: Path) -> None:
    log = LogFile(path)
    assert log.refresh() is None
    assert log.lines_from(0, 5) == []

    path.write_bytes(b"first\n")
    assert log.refresh() == LogState(6, 1)
    assert _contents(log.lines_from(0, 5)) == [b"first"]


def test_growth_is_seen_at_the_next_refresh(path: Path) -> None:
    log = _open(path, b"first\n")
    with path.open("ab") as file:
        file.write(b"second\n")
    assert _contents(log.lines_from(0, 5)) == [b"first"]

    assert log.refresh() == LogState(13, 1)
    assert _contents(log.lines_from(0, 5)) == [b"first", b"second"]


def test_truncation_and_replacement_begin_a_new_generation(path: Path) -> None:
    log = _open(path, b"first\nsecond\n")
    os.truncate(path, 6)
    assert log.refresh() == LogState(6, 2)

    other = path.with_name("other")
    other.write_bytes(b"something else\n")
    other.replace(path)
    assert log.refresh() == LogState(15, 3)
    assert _contents(log.lines_from(0, 5)) == [b"something else"]

    path.unlink()
    assert log.refresh() is None


def test_a_log_that_cannot_be_read_says_so_in_a_sentence(tmp_path: Path) -> None:
    log = LogFile(tmp_path)
    log.refresh()

    with pytest.raises(FileUnreadable, match=r"cannot be read: Is a directory\.$"):
        log.lines_from(0, 1)

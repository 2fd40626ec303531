"""When lines of a log were written, how that is said, and where a time is."""

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.logs.log_file import LogFile
from tui.log.times import ClockTime, TimeStyle, first_time, last_time, offset_at, said, time_of

MOMENT = datetime(2026, 11, 21, 3, 4, 5, 123_000, tzinfo=UTC)


def _line(moment: datetime, text: str = "INFO  said") -> str:
    return f"{moment.isoformat(timespec='milliseconds').removesuffix('+00:00')}Z {text}\n"


def _log(path: Path, content: str) -> LogFile:
    path.write_text(content)
    log = LogFile(path)
    log.refresh()
    return log


@pytest.mark.parametrize(
    ("line", "time"),
    [
        (b"2026-11-21T03:04:05.123Z INFO  said", MOMENT),
        (b"2026-11-21T03:04:05Z INFO  said", MOMENT.replace(microsecond=0)),
        (b"2026-13-41T03:04:05.123Z INFO  said", None),
        (b"  at 2026-11-21T03:04:05.123Z ", None),
        (b"", None),
    ],
)
def test_a_line_says_in_its_head_when_it_was_written(line: bytes, time: datetime | None) -> None:
    assert time_of(line) == time


@pytest.mark.parametrize(
    ("style", "text"),
    [("clock", "05:04:05.123"), ("since_start", "+1:05:00"), ("since_previous", "-1:30.250")],
)
def test_times_are_said_in_several_ways(style: TimeStyle, text: str) -> None:
    start, previous = MOMENT - timedelta(minutes=65), MOMENT + timedelta(seconds=90, milliseconds=250)
    assert said(MOMENT, style, start, previous, timezone(timedelta(hours=2))) == text


def test_a_time_that_is_not_known_is_not_said() -> None:
    assert said(None, "clock", MOMENT, MOMENT, UTC) == ""
    assert said(MOMENT, "since_previous", MOMENT, None, UTC) == ""
    assert said(MOMENT, "since_start", MOMENT, None, UTC) == "+0.000"


def test_the_first_and_the_last_time_are_those_of_lines_that_have_one(tmp_path: Path) -> None:
    log = _log(tmp_path / "log", "no time\n" + _line(MOMENT) + _line(MOMENT + timedelta(hours=1)) + "  no time\n")
    assert first_time(log) == MOMENT
    assert last_time(log) == MOMENT + timedelta(hours=1)
    empty = _log(tmp_path / "empty", "")
    assert first_time(empty) is None
    assert last_time(empty) is None


@given(
    gaps=st.lists(st.integers(0, 3), min_size=1, max_size=40),
    without_time=st.integers(0, 3),
    wanted=st.integers(-1, 100),
)
def test_the_first_line_from_a_time_on_is_found(
    gaps: list[int], without_time: int, wanted: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    seconds = [sum(gaps[: number + 1]) for number in range(len(gaps))]
    entries = [_line(MOMENT + timedelta(seconds=second)) + "  and more\n" * without_time for second in seconds]
    log = _log(tmp_path_factory.mktemp("log") / "log", "".join(entries))
    number = next((number for number, second in enumerate(seconds) if second >= wanted), None)

    found = offset_at(log, MOMENT + timedelta(seconds=wanted))
    log.close()
    assert found == len("".join(entries if number is None else entries[:number]))


def test_a_time_of_day_is_the_first_one_in_the_log() -> None:
    zone = timezone(timedelta(hours=2))
    assert ClockTime(5, 4).moment(MOMENT, zone) == MOMENT.replace(second=0, microsecond=0)
    assert ClockTime(5, 3, 30).moment(MOMENT, zone) == MOMENT.replace(minute=3, second=30, microsecond=0, day=22)
    assert ClockTime(5, 3, 1.5, (2026, 11, 21)).moment(MOMENT, UTC) == datetime(
        2026, 11, 21, 5, 3, 1, 500_000, tzinfo=UTC
    )

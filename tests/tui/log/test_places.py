"""Places of a log as people type them, and where they are."""

from datetime import UTC, timedelta
from pathlib import Path

import pytest

from store.logs.log_file import LogFile
from tui.log.going import find_place
from tui.log.numbers import LineNumbers
from tui.log.places import BadPlace, FromEnd, FromStart, LineNumber, Place, Share, place_of
from tui.log.times import ClockTime


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ("123", LineNumber(123)),
        (" 1,234,567 ", LineNumber(1_234_567)),
        ("50%", Share(0.5)),
        ("12.5 %", Share(0.125)),
        ("250%", Share(1.0)),
        ("3:04", ClockTime(3, 4)),
        ("03:04:05.25", ClockTime(3, 4, 5.25)),
        ("2026-11-21 03:04", ClockTime(3, 4, 0, (2026, 11, 21))),
        ("-5m", FromEnd(timedelta(minutes=5))),
        ("+1h 30m", FromStart(timedelta(hours=1, minutes=30))),
        ("- 20s", FromEnd(timedelta(seconds=20))),
    ],
)
def test_what_people_type(typed: str, place: Place) -> None:
    assert place_of(typed) == place


@pytest.mark.parametrize("typed", ["", "abc", "+", "-", "25:00", "03:04:61", "2026-02-30 03:04", "5m"])
def test_what_is_no_place_is_refused_in_a_sentence(typed: str) -> None:
    with pytest.raises(BadPlace, match=r"\.$"):
        place_of(typed)


@pytest.mark.parametrize(
    ("place", "line"),
    [
        (LineNumber(0), 0),
        (LineNumber(61), 60),
        (LineNumber(9999), 599),
        (Share(0), 0),
        (Share(0.5), 300),
        (Share(1), 599),
        (ClockTime(3, 5), 60),
        (ClockTime(4, 0), 599),
        (FromStart(timedelta(minutes=2)), 120),
        (FromEnd(timedelta(seconds=9)), 590),
        (FromEnd(timedelta(hours=9)), 0),
    ],
)
def test_where_places_are(place: Place, line: int, tmp_path: Path) -> None:
    path = tmp_path / "log"
    lines = [
        f"2026-11-21T03:{4 + number // 60:02d}:{number % 60:02d}.000Z INFO  {number:03d}\n" for number in range(600)
    ]
    path.write_text("".join(lines))
    log = LogFile(path)
    log.refresh()
    assert find_place(log, place, UTC, LineNumbers()) == line * len(lines[0])
    log.close()


def test_a_log_without_times_has_no_place_for_one(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_text("a\nb\n")
    log = LogFile(path)
    log.refresh()
    assert find_place(log, ClockTime(3, 4), UTC, LineNumbers()) is None
    log.close()

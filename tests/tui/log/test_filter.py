"""Which lines are shown, with how many around them."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.logs.levels import about, of_level
from store.logs.log_file import LogFile
from store.logs.matching import Matcher, all_of, matcher, matching_lines
from tui.log import filter as log_filter
from tui.log.filter import LineFilter, lines_before, lines_from


def _open(path: Path, lines: list[str]) -> LogFile:
    path.write_text("".join(f"{line}\n" for line in lines))
    log = LogFile(path)
    log.refresh()
    return log


def _forwards(log: LogFile, shown: LineFilter, count: int) -> list[int]:
    found: list[int] = []
    start = 0
    while start < log.size:
        lines, start = lines_from(log, start, count, shown)
        found += [line.start for line in lines]
    return found


def _backwards(log: LogFile, shown: LineFilter, count: int) -> list[int]:
    found: list[int] = []
    end = log.size
    while end > 0:
        lines, end = lines_before(log, end, count, shown)
        found[:0] = [line.start for line in lines]
    return found


@given(
    matching=st.lists(st.booleans(), max_size=40),
    context=st.integers(0, 4),
    count=st.integers(1, 6),
    step=st.sampled_from([4, 30, 4000]),
)
def test_matches_and_what_is_around_them_are_shown_once_in_both_directions(
    matching: list[bool], context: int, count: int, step: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    log = _open(tmp_path_factory.mktemp("log") / "log", ["hit" if hit else "..." for hit in matching])
    shown = LineFilter(matcher("hit"), context)
    wanted = [
        number * 4 for number in range(len(matching)) if any(matching[max(0, number - context) : number + context + 1])
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(log_filter, "STEP_BYTES", step)
        assert _forwards(log, shown, count) == wanted
        assert _backwards(log, shown, count) == wanted
    log.close()


LINES = [
    "2026-11-21T03:04:05.123Z INFO  [orders] an ERROR is what this is not",
    "2026-11-21T03:04:05.123Z ERROR [orders] Binder Error",
    "2026-11-21T03:04:05.123Z WARN  [stg_orders] late",
    "2026-11-21T03:04:05.123Z DEBUG took stg_orders and orders",
    "ERROR without a time",
    "2026-11-21T03:04:05.123Z INFO  [model.shop.orders] started",
]


def _numbers(path: Path, wanted: Matcher | None) -> list[int]:
    assert wanted is not None
    log = _open(path / "log", LINES)
    starts = [line.start for line in log.lines_from(0, 100)]
    found = [starts.index(start) for start in matching_lines(log, wanted, 0, log.size)]
    log.close()
    return found


def test_levels_are_those_of_heads(tmp_path: Path) -> None:
    assert _numbers(tmp_path, of_level("error")) == [1]
    assert _numbers(tmp_path, of_level("warn")) == [1, 2]
    assert of_level("") is None


def test_lines_about_a_model_name_it_and_not_one_with_a_longer_name(tmp_path: Path) -> None:
    assert _numbers(tmp_path, about("orders")) == [0, 1, 3, 5]
    assert _numbers(tmp_path, about("stg_orders")) == [2, 3]


def test_all_of_several(tmp_path: Path) -> None:
    level = of_level("warn")
    assert level is not None
    assert _numbers(tmp_path, all_of(about("orders"), level)) == [1]
    assert _numbers(tmp_path, all_of(matcher("ORDERS".lower()), level)) == [1, 2]

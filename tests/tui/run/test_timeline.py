"""The timeline: what waited, what decided the length of the run, how it is drawn."""

from datetime import UTC, timedelta

import pytest

from store.status import ModelStatus
from tests.tui.run.records import a_model, a_record, an_audit, at
from tui.run_view.timeline import Window, bars_of, concurrency, idle_s, most_at_once, path_chain, whole_window
from tui.run_view.timeline_text import ThreadRow, arranged, axis_line, bar_text, cells, concurrency_line

RAW = a_model("raw", started_at=at(0), finished_at=at(10), duration_s=10.0, thread="Thread-1")
SIDE = a_model("side", started_at=at(0), finished_at=at(4), duration_s=4.0, thread="Thread-2")
CHECK = an_audit("check", model="model.p.raw", finished_at=at(12), duration_s=2.0, thread="Thread-1")
MART = a_model(
    "mart", parents=["raw", "side"], started_at=at(15), finished_at=at(20), duration_s=5.0, thread="Thread-2"
)
RECORD = a_record(RAW, SIDE, CHECK, MART)
BARS = bars_of(RECORD, at(20))
WHOLE = whole_window(BARS, RECORD, at(20))


def test_bars_are_in_the_order_of_their_starts() -> None:
    assert [bar.name for bar in BARS] == ["raw", "side", "check", "mart"]


def test_a_model_waits_from_the_end_of_what_it_needs() -> None:
    mart = BARS[-1]
    assert (mart.ready_at, mart.waited_s) == (at(12), 3.0)


def test_the_critical_path_goes_back_through_what_ended_last() -> None:
    assert [bar.name for bar in path_chain(BARS)] == ["raw", "check", "mart"]


def test_what_was_never_begun_has_no_bar() -> None:
    record = a_record(RAW, a_model("skipped", ModelStatus.SKIPPED), a_model("queued", ModelStatus.QUEUED))
    assert [bar.name for bar in bars_of(record, at(20))] == ["raw"]


def test_a_running_model_ends_now() -> None:
    running = a_model("running", ModelStatus.RUNNING, started_at=at(3))
    assert bars_of(a_record(running), at(9))[0].duration_s == 6.0


def test_concurrency_counts_what_went_on_at_once() -> None:
    assert most_at_once(BARS) == 2
    assert concurrency(BARS, WHOLE, 4) == pytest.approx([1.8, 1.0, 0.4, 1.0])
    assert idle_s(BARS, WHOLE) == 3.0


def test_concurrency_is_as_high_as_the_most() -> None:
    assert concurrency_line(BARS, WHOLE, 20).plain[0] == "█"


def test_the_window_zooms_and_moves_within_the_whole() -> None:
    half = WHOLE.zoomed(0.5, WHOLE)
    assert half == Window(at(5), at(15))
    assert half.shifted(-2.0, WHOLE) == Window(at(0), at(10))
    assert half.shifted(9.0, WHOLE) == Window(at(10), at(20))
    assert half.zoomed(10.0, WHOLE) == WHOLE
    assert half.zoomed(1e-9, WHOLE).length == timedelta(seconds=1)


def test_a_window_is_centred_as_far_as_the_whole_allows() -> None:
    half = WHOLE.zoomed(0.5, WHOLE)
    assert half.centred(at(8), WHOLE) == Window(at(3), at(13))
    assert half.centred(at(1), WHOLE) == Window(at(0), at(10))


def test_a_bar_is_drawn_with_its_waiting_in_front() -> None:
    assert bar_text(BARS[-1], WHOLE, 20).plain == " " * 12 + "···" + "█████"


def test_the_shortest_bar_is_seen() -> None:
    blink = bars_of(a_record(a_model("blink", started_at=at(19.99), duration_s=0.01)), at(20))[0]
    assert bar_text(blink, WHOLE, 20).plain.strip(" ·") == "▐"


def test_a_bar_out_of_view_is_blank_and_one_half_in_view_is_cut() -> None:
    raw, *_ = BARS
    assert bar_text(raw, Window(at(12), at(20)), 8).plain == " " * 8
    assert bar_text(raw, Window(at(5), at(15)), 10).plain == "█████     "


def test_the_axis_has_round_times() -> None:
    assert axis_line(WHOLE, 40, UTC).plain == "╵13:00:00           ╵13:00:10           "


def test_threads_are_headings_with_their_work() -> None:
    rows = arranged(BARS, "start", "thread")
    assert [row.thread for row in rows if isinstance(row, ThreadRow)] == ["Thread-1", "Thread-2"]
    assert [row.busy_s for row in rows if isinstance(row, ThreadRow)] == [12.0, 9.0]


def test_the_slowest_comes_first_when_asked() -> None:
    rows = arranged(BARS, "slowest", "flat")
    assert [row.key for row in rows][:2] == ["model.p.raw", "model.p.mart"]


def test_how_it_ended_is_told_without_colour() -> None:
    failed = a_model("broken", ModelStatus.FAILED, started_at=at(0), finished_at=at(1), duration_s=1.0)
    bars = bars_of(a_record(RAW, failed), at(20))
    assert {cells(bar, WHOLE, 10)["name"].plain for bar in bars} == {"✓ raw", "✗ broken"}

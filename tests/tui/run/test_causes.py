"""The line that says how few causes many failures have."""

from datetime import timedelta

from store.causes import Cause, Seen
from tests.tui.run.records import START, a_record, a_run, at
from tui.run_view.causes import causes_line

HERE = Seen(7, START)


def cause(count: int, runs: int = 1, first: Seen = HERE, last: Seen = HERE, key: str = "ab12cd34ef56") -> Cause:
    return Cause(key, "Binder Error: …", "Binder Error: a", count, runs, first, last)


def line(*causes: Cause, width: int = 120) -> str:
    return causes_line(a_record(run=a_run(), causes=causes), at(600), width).plain


def test_many_failures_with_few_causes() -> None:
    old = Seen(3, START - timedelta(days=2))
    assert line(cause(21, 4, first=old), cause(2, key="0" * 12)) == (
        "23 failures = 2 causes   21× since 2d ago (#3)   2× new   A lists such runs   21× Binder Error: a"
    )
    assert line(cause(21, 4, first=old), cause(2, key="0" * 12), width=94).endswith("A lists such runs")


def test_what_failed_once_and_never_before_needs_no_line() -> None:
    assert line() == ""
    assert line(cause(1)) == ""
    assert line(cause(1), cause(1, key="0" * 12)) == ""


def test_one_failure_that_is_known() -> None:
    old, again = Seen(3, START - timedelta(days=2)), Seen(9, START + timedelta(minutes=5))
    assert line(cause(1, 5, old, again)) == "first seen 2d ago in #3, last 5m ago in #9, 5 runs   A lists such runs"


def test_several_causes_that_came_again() -> None:
    old, again = Seen(3, START - timedelta(days=2)), Seen(9, START + timedelta(minutes=5))
    said = line(cause(2, 5, old, again), cause(1, 2, last=again, key="0" * 12))
    assert said == (
        "3 failures = 2 causes   2× since 2d ago (#3), last 5m ago (#9)   1× new, last 5m ago (#9)   A lists such runs"
    )


def test_many_failures_of_one_new_cause() -> None:
    assert line(cause(4)) == "4 failures = 1 cause   never seen before   4× Binder Error: a"


def test_several_causes_that_are_all_new() -> None:
    assert line(cause(2), cause(1, key="0" * 12)) == "3 failures = 2 causes   never seen before   2× Binder Error: a"


def test_many_causes_are_counted_not_listed() -> None:
    old = Seen(3, START - timedelta(days=2))
    said = line(cause(4, 2, first=old), *(cause(1, key=f"{number:012x}") for number in range(5)))
    counted = "9 failures = 6 causes   4× since 2d ago (#3)   1× new   1× new   3 more"
    assert said == f"{counted}   A lists such runs   4× Binder Error: a"


def test_where_it_is_narrow_the_sum_stays() -> None:
    said = line(cause(21, 4, first=Seen(3, START - timedelta(days=2))), cause(2, key="0" * 12), width=40)
    assert said == "23 failures = 2 causes"

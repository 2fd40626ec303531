"""Which messages a channel gets, and when."""

from datetime import UTC, datetime, time

import pytest

from engine.notifications.channel import Channel, QuietHours
from store.notifications import Occasion
from tests.tui.run.records import a_run

RUN = a_run()


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2026-11-21T21:59", "2026-11-21T21:59"),
        ("2026-11-21T22:00", "2026-11-22T07:00"),
        ("2026-11-22T03:10", "2026-11-22T07:00"),
        ("2026-11-22T07:00", "2026-11-22T07:00"),
    ],
)
def test_quiet_hours_reach_over_midnight(now: str, due: str) -> None:
    channel = Channel("oncall", url="x", quiet=QuietHours(time(22), time(7)))
    assert channel.due_at(at(now)) == at(due)


@pytest.mark.parametrize(("now", "quiet"), [("11:59", False), ("12:00", True), ("12:59", True), ("13:00", False)])
def test_quiet_hours_within_a_day(now: str, quiet: bool) -> None:
    hours = QuietHours(time(12), time(13))
    assert (hours.end_after(at(f"2026-11-21T{now}")) is not None) is quiet


def test_quiet_hours_are_those_of_their_zone_also_when_clocks_change() -> None:
    hours = QuietHours(time(22), time(7), "Europe/Berlin")
    assert hours.end_after(at("2026-07-01T20:30")) == at("2026-07-02T05:00")
    # The night in which the clock goes back: 07:00 is an hour later in UTC.
    assert hours.end_after(at("2026-10-24T20:30")) == at("2026-10-25T06:00")


@pytest.mark.parametrize(
    ("channel", "occasion", "wanted"),
    [
        (Channel("a"), "missed", True),
        (Channel("a", occasions=frozenset({"failure"})), "failure", True),
        (Channel("a", occasions=frozenset({"failure"})), "recovery", False),
        (Channel("a", jobs=frozenset({"nightly"})), "failure", True),
        (Channel("a", jobs=frozenset({"flights/nightly"})), "failure", True),
        (Channel("a", jobs=frozenset({"other/nightly"})), "failure", False),
        (Channel("a", environments=frozenset({"prod"})), "failure", True),
        (Channel("a", environments=frozenset({"dev"})), "failure", False),
    ],
)
def test_a_channel_says_what_it_wants(channel: Channel, occasion: Occasion, wanted: bool) -> None:
    assert channel.wants(occasion, RUN) is wanted

"""How values look."""

from datetime import UTC, datetime, timedelta, timezone
from itertools import chain

import pytest

from store import wording
from store.models import Counts
from store.status import AuditStatus, ModelStatus, RunStatus, StepStatus
from tui import formats

NOW = datetime(2026, 11, 21, 14, 4, tzinfo=UTC)


@pytest.mark.parametrize("status", [*RunStatus, *ModelStatus, *AuditStatus, *StepStatus], ids=repr)
def test_every_status_has_glyph_and_word(status: wording.Status) -> None:
    look = formats.status_look(status)

    assert look.word == status.value
    assert formats.status_text(status).plain == f"{look.glyph} {look.word}"
    assert formats.status_text(status).cell_len <= formats.STATUS_WIDTH


def test_the_statuses_of_one_noun_differ_without_their_colour() -> None:
    for statuses in (RunStatus, ModelStatus, AuditStatus, StepStatus):
        glyphs = [formats.status_look(status).glyph for status in statuses]
        assert len(set(glyphs)) == len(glyphs)


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (None, "–"),
        (0, "0.0s"),
        (0.4, "0.4s"),
        (12.34, "12.3s"),
        (59.94, "59.9s"),
        (59.96, "1m 00s"),
        (252, "4m 12s"),
        (3599.6, "1h 00m"),
        (3900, "1h 05m"),
        (86_399.9, "1d 00h"),
        (183_600, "2d 03h"),
    ],
)
def test_durations(seconds: float | None, shown: str) -> None:
    assert wording.duration(seconds) == shown


@pytest.mark.parametrize(("seconds", "shown"), [(None, "–"), (0.9, "0s"), (59.99, "59s"), (130.9, "2m 10s")])
def test_a_ticking_duration_has_no_tenths(seconds: float | None, shown: str) -> None:
    assert wording.whole_duration(seconds) == shown


@pytest.mark.parametrize(
    ("ago", "shown"),
    [
        (timedelta(0), "now"),
        (timedelta(seconds=42), "42s ago"),
        (timedelta(minutes=58, seconds=59), "58m ago"),
        (timedelta(hours=3), "3h ago"),
        (timedelta(days=12, hours=5), "12d ago"),
        (timedelta(minutes=-5), "in 5m"),
        (timedelta(days=99), "99d ago"),
        (timedelta(days=210), "30w ago"),
        (timedelta(days=740), "2y ago"),
    ],
)
def test_relative_times(ago: timedelta, shown: str) -> None:
    assert wording.relative_time(NOW - ago, NOW) == shown


def test_times_are_shown_in_the_chosen_zone() -> None:
    east = timezone(timedelta(hours=10), "AEST")
    moment = datetime(2026, 11, 20, 23, 2, 11, tzinfo=UTC)

    assert wording.time_of_day(moment, UTC) == "23:02:11"
    assert wording.time_of_day(moment, east) == "09:02:11"
    assert wording.short_time(moment, NOW, UTC) == "20 Nov 23:02"
    assert wording.short_time(moment, NOW, east) == "21 Nov 09:02"
    assert wording.short_time(moment, moment, east) == "09:02"
    assert wording.short_time(datetime(2025, 1, 2, tzinfo=UTC), NOW, UTC) == "2025-01-02"
    assert wording.zone_name(NOW, east) == "AEST"


def test_counts_and_sizes() -> None:
    assert wording.count(336_776) == "336,776"
    assert wording.counted(1, "model") == "1 model"
    assert wording.counted(1200, "model") == "1,200 models"
    assert [wording.byte_size(size) for size in (812, 3_400, 999_960, 1_100_000_000)] == [
        "812 B",
        "3.4 kB",
        "1.0 MB",
        "1.1 GB",
    ]


def test_tallies_leave_out_what_is_none() -> None:
    counts = Counts(models_succeeded=18, models_failed=2, models_skipped=3, audits_passed=30, audits_warned=1)

    assert formats.model_counts(counts).plain == "18 ✓  2 ✗  3 ↷"
    assert formats.audit_counts(counts).plain == "30 ✓  1 ▲"
    assert formats.model_counts(Counts()).plain == ""


def test_bars_keep_their_width() -> None:
    parts = [0.0, 0.001, 0.3, 0.5, 0.999, 1.0, 1.7, -1]
    widths = chain(
        (formats.bar(part, 9).cell_len for part in parts),
        (formats.progress_bar(done, 23, 9).cell_len for done in (10, 23)),
    )

    assert set(widths) == {9}
    assert formats.bar(0.5, 3).plain == "█▌ "
    assert formats.progress_bar(23, 23, 9).plain == "━━━ 23/23"
    assert formats.progress_bar(0, 0, 9).plain == "───── 0/0"

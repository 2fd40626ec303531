"""The lines at the top of the run page."""

from datetime import UTC, timedelta
from typing import Any

import pytest
from rich.text import Text

from store.events import ModelChange
from store.models import Counts, NoticeRecord
from store.run_failures import Headline
from store.status import RunStatus
from tests.tui.run.records import START, a_record, a_run, at
from tui.run_view.header import (
    Part,
    counts_line,
    fitted,
    headline_line,
    notice_lines,
    origin_line,
    progress_line,
    title_line,
)

WIDTH = 80


def title(now_s: float = 600, **known: Any) -> str:
    return title_line(a_record(run=a_run(**known)), at(now_s), WIDTH).plain


class TestTitle:
    def test_has_the_run_at_the_left_and_its_end_at_the_right(self) -> None:
        line = title()
        assert line.startswith("#7 nightly · flights/prod ")
        assert line.endswith("✓ completed  5m 00s")
        assert len(line) == WIDTH

    def test_says_that_it_is_watched_and_keeps_the_colour_of_the_status(self) -> None:
        run = a_run(RunStatus.RUNNING, finished_at=None)
        line = title_line(a_record(run=run), at(65), WIDTH, watched=True)
        assert line.plain.endswith("watched  ● running  1m 05s")
        dim = [(span.start, span.end) for span in line.spans if span.style == "dim"]
        assert [line.plain[start:end] for start, end in dim] == ["watched  "]

    def test_counts_while_the_run_goes_on(self) -> None:
        assert title(65, status=RunStatus.RUNNING, finished_at=None).endswith("● running  1m 05s")

    def test_has_no_duration_before_the_start(self) -> None:
        assert title(status=RunStatus.QUEUED, started_at=None, finished_at=None).endswith("○ queued")

    def test_names_the_job_of_a_run_with_another_name(self) -> None:
        assert "#7 hotfix (nightly)" in title(name="hotfix")

    def test_cuts_a_long_name_before_the_status(self) -> None:
        line = title(name="n" * 200)
        assert len(line) == WIDTH
        assert line.endswith("…  ✓ completed  5m 00s")

    def test_keeps_control_characters_out(self) -> None:
        assert "\x1b" not in title(name="\x1b[31mred")


class TestOrigin:
    def test_says_when_why_who_and_of_which_code(self) -> None:
        run = a_run(trigger="pull_request", author="ben", branch="main", commit="a1b2c3d4e5", tool_version="1.11.2")
        line = origin_line(a_record(run=run), at(600), UTC, WIDTH).plain
        assert line == "13:00:00 → 13:05:00   pull request by ben   main@a1b2c3d   dbt 1.11.2"

    def test_says_where_and_for_which_kind_of_job_it_ran(self) -> None:
        run = a_run(host="runner-3", job_type="deploy", attempt=2)
        line = origin_line(a_record(run=run), at(600), UTC, WIDTH).plain
        assert line == "13:00:00 → 13:05:00   schedule   dbt   try 2   deploy job   on runner-3"

    def test_says_when_a_retry_will_start_and_what_it_repeats(self) -> None:
        waiting = a_run(RunStatus.SCHEDULED, started_at=None, finished_at=None, starts_at=at(900), trigger="rerun")
        run = waiting.model_copy(update={"attempt": 2, "trigger_note": "retry 1 of 2, of #14"})
        line = origin_line(a_record(run=run), at(600), UTC, WIDTH).plain
        assert line.startswith("starts in 5m   rerun, retry 1 of 2, of #14   ")

    def test_says_the_day_of_an_older_run(self) -> None:
        line = origin_line(a_record(), START + timedelta(days=2), UTC, WIDTH).plain
        assert line.startswith("2026-11-21 13:00:00 → 13:05:00")

    def test_says_since_when_a_run_goes_on(self) -> None:
        record = a_record(run=a_run(RunStatus.RUNNING, finished_at=None))
        assert origin_line(record, at(60), UTC, WIDTH).plain.startswith("since 13:00:00")

    def test_leaves_the_least_important_out_when_it_is_narrow(self) -> None:
        run = a_run(branch="main", commit="a1b2c3d4e5", tool_version="1.11.2")
        assert origin_line(a_record(run=run), at(600), UTC, 48).plain == "13:00:00 → 13:05:00   schedule   main@a1b2c3d"


class TestCounts:
    def test_says_how_models_and_audits_ended_and_what_is_new(self) -> None:
        counts = Counts(models_total=5, models_succeeded=3, models_failed=1, models_skipped=1, audits_total=2)
        changes = (ModelChange(model="model.p.a", change="modified"),)
        record = a_record(run=a_run(counts=counts), changes=changes, previous=6)
        assert counts_line(record, WIDTH).plain == "models 3 ✓  1 ✗  1 ↷   audits 0/2   1 model modified since #6"

    def test_counts_the_changed_models_by_how_they_differ(self) -> None:
        kinds = ("added", "directly_modified", "directly_modified", "new_to_this_version")
        changes = tuple(ModelChange(model=f"m{number}", change=kind) for number, kind in enumerate(kinds))
        said = counts_line(a_record(changes=changes), WIDTH).plain
        assert said == "1 model added, 2 modified, 1 new_to_this_version"

    def test_links_to_the_run_that_was_run_again(self) -> None:
        assert counts_line(a_record(run=a_run(rerun_of=3)), WIDTH).plain == "again of #3"

    def test_a_note_on_a_failure_gets_the_room_that_the_numbers_leave(self) -> None:
        known = {"acknowledged_at": at(400), "acknowledged_by": "anna", "acknowledgement": "upstream renamed a column"}
        counts = Counts(models_total=10, models_failed=1, audits_total=21, audits_passed=11, audits_skipped=6)
        record = a_record(run=a_run(RunStatus.FAILED, counts=counts, **known))
        numbers = counts_line(a_record(run=a_run(RunStatus.FAILED, counts=counts)), WIDTH).plain
        assert counts_line(record, 200).plain == f"{numbers}   anna knows: upstream renamed a column"
        narrow = counts_line(record, len(numbers) + 23).plain
        assert narrow == f"{numbers}   anna knows: upstrea…"
        assert counts_line(record, len(numbers) + 5).plain == numbers

    def test_of_a_note_its_words_are_shown_and_not_its_marks(self) -> None:
        known = {
            "acknowledged_at": at(400),
            "acknowledged_by": "anna",
            "acknowledgement": "\n**known**, see [#42](x)\n",
        }
        said = counts_line(a_record(run=a_run(RunStatus.FAILED, counts=Counts(models_failed=1), **known)), 200).plain
        assert said.endswith("anna knows: known, see #42")

    def test_says_so_when_there_is_nothing_yet(self) -> None:
        record = a_record(run=a_run(RunStatus.RUNNING, finished_at=None))
        assert counts_line(record, WIDTH).plain == "no models yet: the steps before them are running"


class TestProgress:
    COUNTS = Counts(models_total=4, models_succeeded=1, audits_total=8, audits_passed=2)

    def test_has_done_of_total_and_what_is_left(self) -> None:
        record = a_record(run=a_run(RunStatus.RUNNING, finished_at=None, counts=self.COUNTS))
        line = progress_line(record, 74.0, WIDTH).plain
        assert line.endswith("─ 1/4   2/8 audits   about 1m 15s left")
        assert len(line) == WIDTH

    def test_says_nothing_of_the_time_left_without_a_history(self) -> None:
        record = a_record(run=a_run(RunStatus.RUNNING, finished_at=None, counts=self.COUNTS))
        assert "left" not in progress_line(record, None, WIDTH).plain

    def test_counts_audits_where_there_are_no_models(self) -> None:
        counts = Counts(audits_total=8, audits_passed=2)
        record = a_record(run=a_run(RunStatus.RUNNING, finished_at=None, counts=counts))
        assert progress_line(record, None, WIDTH).plain.endswith(" 2/8")

    def test_is_not_there_for_a_run_that_has_ended(self) -> None:
        assert progress_line(a_record(run=a_run(counts=self.COUNTS)), None, WIDTH).plain == ""


class TestHeadlineAndNotices:
    def test_reads_like_the_sketch(self) -> None:
        line = headline_line(Headline(RunStatus.FAILED, "int_delays took down 3 models", "Binder Error"))
        assert line.plain == "✗ int_delays took down 3 models:  Binder Error"

    def test_shows_the_last_warnings_and_no_information(self) -> None:
        def said(level: str, text: str) -> NoticeRecord:
            return NoticeRecord.model_validate({"at": START, "level": level, "text": text})

        record = a_record(
            notices=(said("warning", "a"), said("info", "b"), said("error", "c\nd"), said("warning", "[e]"))
        )
        assert [line.plain for line in notice_lines(record)] == ["▲ c d", "▲ [e]"]


@pytest.mark.parametrize(("width", "said"), [(40, "one   two   three"), (14, "one   three"), (6, "three"), (4, "thr…")])
def test_parts_leave_by_rank(width: int, said: str) -> None:
    parts = [Part(1, Text("one")), Part(2, Text("two")), Part(0, Text("three"))]
    assert fitted(parts, width).plain == said

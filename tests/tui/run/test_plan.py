"""What the plan page says of plans of every sort, and when a plan cannot be applied."""

from dataclasses import replace
from typing import Any

import pytest

from store.events import Interval
from store.models import InterruptedInterval, NoticeRecord, Phase, Run, RunOptions
from store.run_record import RunRecord
from store.status import RunStatus
from tests.mesh_graph import fqn, month, plan_details
from tests.tui.run.records import START, a_run
from tui.intervals import merged, span_text, spans_text
from tui.run_view.plan import (
    change_counts,
    facts_text,
    page_lines,
    phase_lines,
    phases_in_a_line,
    summary_texts,
    why_not_applied,
)
from tui.run_view.torn import torn_lines

DBT = {"steps": [{"command": ["dbt", "build"], "models": ["model.flights.stg"], "audits": ["test.a", "test.b"]}]}


def plan_record(details: dict[str, Any], status: RunStatus = RunStatus.COMPLETED, **options: Any) -> RunRecord:
    tool = "dbt" if "steps" in details else "sqlmesh"
    run = a_run(status, kind="plan", tool=tool, options=RunOptions(**options), environment="dev_anna")
    return RunRecord(run, details=details)


def with_phases(*phases: Phase, status: RunStatus = RunStatus.COMPLETED) -> RunRecord:
    return replace(plan_record(plan_details(), status, apply=True), phases=phases)


def page(record: RunRecord) -> str:
    return "\n".join(line.plain for line in page_lines(record))


class TestWhatCanBeApplied:
    def test_a_plan_with_work(self) -> None:
        assert why_not_applied(plan_record(plan_details())) is None
        assert why_not_applied(plan_record(DBT)) is None

    @pytest.mark.parametrize(
        ("change", "reason"),
        [
            ({"tests": {"ran": 4, "failed": 1, "errors": 1}}, "2 unit tests failed"),
            ({"uncategorised": ['"flights"."core"."py"']}, "flights.core.py needs a category first"),
            ({"nothing_to_do": True}, "nothing to apply"),
        ],
    )
    def test_not_one_that_has_an_obstacle(self, change: dict[str, Any], reason: str) -> None:
        obstacle = why_not_applied(plan_record(plan_details() | change))
        assert obstacle is not None
        assert reason in obstacle

    def test_not_one_that_is_applied_or_being_made_or_failed(self) -> None:
        assert why_not_applied(plan_record(plan_details(), apply=True)) is not None
        assert why_not_applied(plan_record({}, RunStatus.RUNNING)) is not None
        assert why_not_applied(plan_record({}, RunStatus.FAILED)) is not None

    def test_not_one_of_dbt_that_selects_nothing(self) -> None:
        nothing = {"steps": [{"command": ["dbt", "build"], "models": [], "audits": []}]}
        assert why_not_applied(plan_record(nothing)) is not None


class TestWhatItSays:
    def test_an_obstacle_stands_in_front(self) -> None:
        said = page(plan_record(plan_details() | {"tests": {"ran": 4, "failed": 1, "errors": 0}}))
        assert said.startswith("✗ 1 unit test failed")
        assert "applies this plan" not in said

    def test_one_that_is_applied_does_not_offer_it(self) -> None:
        said = page(plan_record(plan_details(), apply=True))
        assert said.startswith("What changes in dev_anna:")

    def test_while_it_is_made_it_says_what_happens(self) -> None:
        assert "Nothing is changed meanwhile" in page(plan_record({}, RunStatus.RUNNING))

    def test_names_from_the_project_are_no_escape_codes(self) -> None:
        details = plan_details()
        details["changes"][0]["name"] = "evil\x1b[2J\x07"
        assert "\x1b" not in page(plan_record(details))
        assert "\x07" not in page(plan_record(details))

    def test_changes_are_counted_by_their_sort(self) -> None:
        counts = {word: number for number, word in change_counts(plan_details())}
        assert counts == {
            "added": 1,
            "removed": 1,
            "directly modified": 2,
            "indirectly modified": 1,
            "metadata only": 1,
            "formatting only": 1,
        }

    def test_dbt_says_what_it_would_execute(self) -> None:
        assert summary_texts(DBT) == ["would execute 1 model and 2 audits"]
        assert "dbt build" in facts_text(plan_record(DBT)).plain

    def test_a_restatement_and_a_new_environment_are_named_before_they_happen(self) -> None:
        details = plan_details() | {"new_environment": True, "created_from": "prod", "forward_only": True}
        said = facts_text(plan_record(details, restate=("marts.daily_delays",))).plain
        for part in ("makes the environment from prod", "loads again: marts.daily_delays", "forward-only"):
            assert part in said

    def test_phases_to_come_are_there_as_well(self) -> None:
        physical = Phase(phase="physical", state="succeeded", done=4, total=4, started_at=START, finished_at=START)
        record = with_phases(physical, status=RunStatus.RUNNING)
        assert phases_in_a_line(record).plain == "✓ physical 4/4   ○ evaluation   ○ promotion"
        assert phases_in_a_line(with_phases()).plain == ""

    def test_a_phase_that_was_overtaken_had_nothing_to_do(self) -> None:
        promotion = Phase(phase="promotion", state="running", done=1, total=2, started_at=START, finished_at=None)
        record = with_phases(promotion, status=RunStatus.RUNNING)
        assert phases_in_a_line(record).plain == "– physical   – evaluation   ● promotion 1/2"
        assert phase_lines(record, 80)[0].plain == "– physical    nothing to do"

    def test_nothing_comes_later_in_a_plan_that_has_ended(self) -> None:
        evaluation = Phase(phase="evaluation", state="cancelled", done=3, total=29, started_at=START, finished_at=START)
        record = with_phases(evaluation, status=RunStatus.CANCELLED)
        assert phases_in_a_line(record).plain == "– physical   ■ evaluation 3/29   – promotion"
        assert phase_lines(record, 80)[2].plain == "– promotion   never reached"

    def test_a_run_that_is_no_plan_has_only_the_phases_that_it_tells_of(self) -> None:
        evaluation = Phase(phase="evaluation", state="succeeded", done=2, total=2, started_at=START, finished_at=START)
        record = RunRecord(a_run(kind="run"), phases=(evaluation,))
        assert phases_in_a_line(record).plain == "✓ evaluation 2/2"

    def test_the_first_environment_is_made_from_no_other(self) -> None:
        details = plan_details("prod") | {"new_environment": True, "created_from": None}
        assert "makes the environment\n" in facts_text(plan_record(details)).plain

    def test_what_the_tool_warned_of_stands_before_what_the_plan_says(self) -> None:
        warning = NoticeRecord(at=START, level="warning", text="Cannot restate model a.")
        record = replace(plan_record(plan_details("prod")), notices=(warning,))
        lines = [line.plain for line in page_lines(record)]
        assert lines.index("▲ Cannot restate model a.") < lines.index("What would change in prod:")


class TestHalfWritten:
    def broken(self, number: int, repaired_by: int | None = None) -> InterruptedInterval:
        span = month(number)
        return InterruptedInterval(model=fqn("marts.x"), start=span.start, end=span.end, repaired_by=repaired_by)

    def lines(self, *broken: InterruptedInterval) -> str:
        return "\n".join(line.plain for line in torn_lines(RunRecord(self.run, interrupted=broken)))

    @property
    def run(self) -> Run:
        return a_run(RunStatus.CANCELLED)

    def test_nothing_is_said_of_a_run_that_left_none(self) -> None:
        assert self.lines() == ""

    def test_stretches_that_meet_are_one(self) -> None:
        assert "2013-03-01 → 2013-05-01" in self.lines(self.broken(3), self.broken(4))

    def test_what_is_repaired_is_not_listed_again(self) -> None:
        said = self.lines(self.broken(3), self.broken(5, repaired_by=9))
        assert "2013-03-01 → 2013-04-01" in said
        assert "2013-05-01" not in said
        assert "1 more were repaired by #9" in said


class TestIntervals:
    def test_midnights_are_days_and_hours_of_one_day_say_it_once(self) -> None:
        start = month(3).start
        assert span_text(start, month(4).start) == "2013-03-01 → 2013-04-01"
        assert span_text(start.replace(hour=5), start.replace(hour=6)) == "2013-03-01 05:00 → 06:00"

    def test_what_does_not_meet_stays_apart(self) -> None:
        spans = [month(5), month(1), month(2)]
        assert merged(spans) == [Interval(start=month(1).start, end=month(2).end), month(5)]
        assert spans_text(spans, most=1) == "2013-01-01 → 2013-03-01 and 1 more"

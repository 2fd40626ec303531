"""The list of models: rows, order, groups, cells."""

import pytest

from store.history import UsualDurations
from store.status import ModelStatus
from tests.tui.run.records import a_model, a_record, at
from tui.run_view.models import (
    GroupRow,
    ModelRow,
    Order,
    against_usual,
    arranged,
    cells,
    elapsed_s,
    longest_duration_s,
    note,
)

QUICK = a_model("quick", started_at=at(5), finished_at=at(6), duration_s=1.0, file="models/staging/quick.sql")
SLOW = a_model("slow", started_at=at(1), finished_at=at(31), duration_s=30.0, file="models/marts/slow.sql")
BROKEN = a_model("broken", ModelStatus.FAILED, started_at=at(2), duration_s=0.5, error="it broke")
WAITING = a_model("waiting", ModelStatus.QUEUED)
ALL = (QUICK, SLOW, BROKEN, WAITING)


@pytest.mark.parametrize(
    ("order", "names"),
    [
        ("status", ["broken", "waiting", "slow", "quick"]),
        ("start", ["slow", "broken", "quick", "waiting"]),
        ("duration", ["slow", "quick", "broken", "waiting"]),
        ("name", ["broken", "quick", "slow", "waiting"]),
    ],
)
def test_is_ordered_as_asked(order: Order, names: list[str]) -> None:
    rows = arranged(ALL, order, "flat", at(40))
    assert [row.model.name for row in rows if isinstance(row, ModelRow)] == names


def test_is_grouped_by_folder_with_the_order_inside() -> None:
    rows = arranged(ALL, "name", "folder", at(40))
    said = [row.name if isinstance(row, GroupRow) else row.model.name for row in rows]
    assert said == ["marts/", "slow", "models", "broken", "waiting", "staging/", "quick"]
    assert len({row.key for row in rows}) == len(rows)


def test_a_group_says_how_its_models_stand() -> None:
    group = arranged(ALL, "status", "folder", at(40))[0]
    assert cells(group, a_record(*ALL), UsualDurations(), 30.0, at(40))["note"].plain == "1 ✗  1 ○"


def test_the_longest_model_fills_its_bar_and_half_of_it_fills_half() -> None:
    half = a_model("half", started_at=at(1), duration_s=15.0)
    record = a_record(SLOW, half)
    longest = longest_duration_s((SLOW, half), at(40))
    assert cells(ModelRow(SLOW), record, UsualDurations(), longest, at(40))["bar"].plain == "██████"
    assert cells(ModelRow(half), record, UsualDurations(), longest, at(40))["bar"].plain == "███   "


def test_a_running_model_counts() -> None:
    running = a_model("running", ModelStatus.RUNNING, started_at=at(1))
    assert elapsed_s(running, at(4)) == 3.0
    assert cells(ModelRow(running), a_record(running), UsualDurations(), 3.0, at(4))["duration"].plain == "3s"


def test_a_skipped_model_took_no_time() -> None:
    skipped = a_model("skipped", ModelStatus.SKIPPED, started_at=at(1), finished_at=at(2))
    assert elapsed_s(skipped, at(4)) is None


class TestNote:
    def test_is_the_error(self) -> None:
        assert note(BROKEN, a_record(BROKEN)).plain == "it broke"

    def test_is_the_cause_by_its_name(self) -> None:
        skipped = a_model("skipped", ModelStatus.SKIPPED, cause="model.p.broken")
        assert note(skipped, a_record(BROKEN, skipped)).plain == "← broken"

    def test_is_how_far_the_batches_are(self) -> None:
        running = a_model("running", ModelStatus.RUNNING, batch=3, batches=8)
        assert note(running, a_record(running)).plain == "batch 3/8"

    def test_warns_of_a_model_that_was_interrupted(self) -> None:
        torn = a_model("torn", ModelStatus.CANCELLED, interrupted=True)
        assert "half-updated" in note(torn, a_record(torn)).plain

    def test_keeps_markup_of_a_tool_as_text(self) -> None:
        broken = a_model("broken", ModelStatus.FAILED, error="[red]not red[/red]")
        assert note(broken, a_record(broken)).plain == "[red]not red[/red]"


class TestAgainstUsual:
    def test_says_how_many_times_the_usual(self) -> None:
        assert against_usual(24.0, 10.0, ModelStatus.SUCCEEDED).plain == "2.4×"

    def test_stands_out_only_where_the_difference_is_worth_a_look(self) -> None:
        striking = against_usual(24.0, 10.0, ModelStatus.SUCCEEDED).style
        tiny = against_usual(0.24, 0.1, ModelStatus.SUCCEEDED).style
        assert striking != tiny

    @pytest.mark.parametrize(
        ("seconds", "usual", "status"),
        [
            (None, 10.0, ModelStatus.SUCCEEDED),
            (5.0, None, ModelStatus.SUCCEEDED),
            (5.0, 10.0, ModelStatus.FAILED),
            (5.0, 10.0, ModelStatus.RUNNING),
        ],
    )
    def test_is_silent_where_a_comparison_says_nothing(
        self, seconds: float | None, usual: float | None, status: ModelStatus
    ) -> None:
        assert against_usual(seconds, usual, status).plain == ""


def test_what_was_torn_comes_before_what_was_only_cancelled() -> None:
    cancelled = a_model("a", ModelStatus.CANCELLED)
    torn = a_model("b", ModelStatus.CANCELLED, interrupted=True)
    assert [row.key for row in arranged((cancelled, torn), "status", "flat", at(40))] == ["model.p.b", "model.p.a"]

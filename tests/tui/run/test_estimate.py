"""How long a run will still take."""

import pytest

from store.history import UsualDurations
from store.models import ModelExecution
from store.status import ModelStatus, RunStatus
from tests.tui.run.records import a_model, a_record, a_run, at
from tui.run_view.estimate import remaining_s
from tui.run_view.view import RunView

USUAL = UsualDurations(models={"model.p.a": 10.0, "model.p.b": 30.0}, run_s=60.0)
RUNNING = a_run(RunStatus.RUNNING, finished_at=None)


def left(*models: ModelExecution, usual: UsualDurations = USUAL, now_s: float = 20) -> float | None:
    return remaining_s(RunView(a_record(*models, run=RUNNING), usual, at(now_s)))


def test_is_the_usual_duration_by_the_share_of_work_that_is_left() -> None:
    done, ahead = a_model("a", duration_s=99.0), a_model("b", ModelStatus.QUEUED)
    assert left(done, ahead) == 45.0


def test_is_never_less_than_what_is_left_of_one_model() -> None:
    usual = UsualDurations(models={"model.p.a": 190.0, "model.p.b": 11.4}, run_s=60.0)
    running = a_model("b", ModelStatus.RUNNING, started_at=at(16.5))
    assert left(a_model("a"), running, usual=usual) == pytest.approx(11.4 - 3.5)


def test_a_repair_of_one_batch_is_not_compared_with_the_whole_model() -> None:
    usual = UsualDurations(models={"model.p.a": 400.0}, run_s=410.0, batches={"model.p.a": 10.0})
    running = a_model("a", ModelStatus.RUNNING, started_at=at(19), batches=2)
    assert usual.of(running) == 20.0
    assert left(running, usual=usual) == pytest.approx(410 * 19 / 20)


def test_a_running_model_counts_by_what_is_left_of_it() -> None:
    done, running = a_model("a"), a_model("b", ModelStatus.RUNNING, started_at=at(5))
    assert left(done, running) == 60.0 * 15 / 40


def test_a_model_beyond_its_usual_has_nothing_left() -> None:
    assert left(a_model("a"), a_model("b", ModelStatus.RUNNING, started_at=at(0)), now_s=500) == 0.0


def test_a_model_without_a_past_counts_like_the_others() -> None:
    assert left(a_model("a"), a_model("b"), a_model("new", ModelStatus.QUEUED)) == pytest.approx(60.0 * 30 / 70)


@pytest.mark.parametrize("usual", [UsualDurations(), UsualDurations(run_s=60.0), UsualDurations(models={"a": 1.0})])
def test_says_nothing_without_a_history(usual: UsualDurations) -> None:
    assert left(a_model("a", ModelStatus.QUEUED), usual=usual) is None


def test_says_nothing_before_the_models_are_known() -> None:
    assert left() is None

"""What the detail of a model says."""

from datetime import UTC

from store.history import PastExecution
from store.models import ModelExecution
from store.status import ModelStatus
from tests.tui.run.records import START, a_model, a_record, at
from tui.run_view.model_detail import facts, past_line, title

PARENT = a_model("parent", started_at=at(0), finished_at=at(10), duration_s=10.0)
MODEL = a_model(
    "model",
    parents=["parent"],
    materialized="table",
    started_at=at(14),
    finished_at=at(20),
    duration_s=6.0,
    thread="Thread-1",
    rows=336_776,
    message="OK",
)


def said(model: ModelExecution, *others: ModelExecution, usual_s: float | None = None) -> dict[str, str]:
    return dict(facts(model, a_record(model, *others), usual_s, at(60), UTC))


def test_what_is_not_known_is_left_out() -> None:
    assert said(a_model("bare", ModelStatus.QUEUED)) == {"is": "model"}


def test_it_says_how_long_it_took_and_how_long_it_usually_does() -> None:
    assert said(MODEL, usual_s=3.0)["took"] == "6.0s, usually 3.0s (2.0×)"


def test_waiting_begins_when_the_parents_are_there() -> None:
    assert said(MODEL, PARENT)["when"] == "13:00:14 → 13:00:20, after 4.0s waiting for its turn, Thread-1"


def test_parents_and_children_are_named() -> None:
    assert said(MODEL, PARENT)["from"] == "parent"
    assert said(PARENT, MODEL)["feeds"] == "model"


def test_the_word_of_a_success_is_not_repeated() -> None:
    assert "says" not in said(MODEL)


def test_a_seed_is_called_a_seed_once() -> None:
    assert said(a_model("bands", kind="seed", materialized="seed"))["is"] == "seed"


def test_the_title_keeps_markup_of_names_as_text() -> None:
    assert title(a_model("[red]name")).plain == "✓ succeeded  [red]name"


def test_the_past_is_a_line_each() -> None:
    past = PastExecution(run_id=18, status=ModelStatus.FAILED, started_at=START, duration_s=0.4, rows=None)
    assert past_line(past, at(3_600)).plain.split() == ["#18", "✗", "failed", "0.4s", "1h", "ago"]

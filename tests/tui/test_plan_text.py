"""What a plan says, as lines."""

from typing import Any

from store.models import NoticeRecord
from tests.worlds import NOW
from tui.plan_text import is_idle, plan_lines, warning_lines

CHANGE: dict[str, Any] = {"category": None, "formatting_only": False, "text_diff": "", "caused_by": []}
PLAN: dict[str, Any] = {
    "environment": "dev",
    "new_environment": True,
    "created_from": "prod",
    "nothing_to_do": False,
    "changes": [
        CHANGE | {"model": '"db"."a"', "name": "a", "change": "directly_modified", "category": "breaking",
                  "text_diff": "--- \n\n+++ \n\n@@ -1 +1 @@\n\n-x\n+y\n"},
        CHANGE | {"model": '"db"."b"', "name": "b", "change": "indirectly_modified", "caused_by": ['"db"."a"']},
        CHANGE | {"model": '"db"."c"', "name": "c", "change": "metadata", "formatting_only": True},
    ],
    "backfills": [
        {"name": "a", "batches": 2, "restating": True,
         "intervals": [{"start": "2026-01-01T00:00:00Z", "end": "2026-02-01T12:30:00Z"}]},
    ],
    "tests": {"ran": 2, "passed": 1, "failed": 1, "errors": 0},
}  # fmt: skip


def texts(details: dict[str, Any]) -> list[str]:
    return [line.text for line in plan_lines(details)]


def test_every_change_says_what_it_is_and_what_caused_it() -> None:
    lines = texts(PLAN)
    assert lines[0] == "dev is a new environment, made from prod."
    assert "  directly modified    a  breaking" in lines
    assert "  indirectly modified  b  ← a" in lines
    assert "  formatting only      c" in lines


def test_backfills_name_their_days_and_batches() -> None:
    assert "Backfill: 1 model, 2 batches" in texts(PLAN)
    assert "  a  2026-01-01 → 2026-02-01 12:30  2 batches  restated" in texts(PLAN)


def test_failed_unit_tests_are_bad_news() -> None:
    (line,) = (line for line in plan_lines(PLAN) if line.text.startswith("Unit tests"))
    assert line.look == "bad"


def test_a_diff_is_shown_without_its_heads() -> None:
    lines = plan_lines(PLAN)
    diff = [(line.text, line.look) for line in lines[-3:]]
    assert diff == [("  @@ -1 +1 @@", "muted"), ("  -x", "removed"), ("  +y", "added")]


def test_a_plan_without_anything_to_do_says_so() -> None:
    idle = {"environment": "prod", "nothing_to_do": True}
    assert is_idle(idle)
    assert texts(idle) == ["prod is up to date: nothing to do."]


def test_a_dbt_plan_lists_what_would_be_executed() -> None:
    step = {"command": ["dbt", "build"], "models": ["model.shop.orders", "seed.shop.codes"], "audits": ["test.shop.t"]}
    assert texts({"steps": [step]}) == [
        "dbt build",
        "  would execute 2 models and 1 audit",
        "  model     orders",
        "  seed      codes",
    ]


def test_a_restatement_that_was_left_out_is_not_called_up_to_date() -> None:
    dropped = {"environment": "dev", "nothing_to_do": True, "restatement_dropped": True}
    (line,) = plan_lines(dropped)
    assert (line.text, line.look) == ("dev: nothing of what was asked for would be loaded again.", "bad")


def test_what_the_tool_warned_of_is_told_once_and_in_one_line() -> None:
    refused = NoticeRecord(at=NOW, level="warning", text="Cannot restate model a.\n")
    broken = NoticeRecord(at=NOW, level="error", text="Unit test t: 1\n2")
    lines = warning_lines([refused, refused, NoticeRecord(at=NOW, level="info", text="Waits for a file."), broken])
    assert [(line.text, line.look) for line in lines] == [
        ("▲ Cannot restate model a.", "warning"),
        ("▲ Unit test t: 1 2", "bad"),
    ]

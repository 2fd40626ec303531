"""How the lines that were found look: where the match is, it is seen."""

from datetime import UTC

import pytest

from store.logs.matching import matcher
from store.search.looking import FoundLine
from tests.tui.run.records import START, a_run
from tui.search.cells import COLUMNS, cells
from tui.search.results import GroupRow, LineRow, RunRow
from tui.widgets.columns import fit_columns

HEAD = "2026-11-21T13:02:41.123Z ERROR"


def shown(content: str, pattern: str, regex: bool = False) -> tuple[str, list[str]]:
    """The line as it is listed, and the parts that stand out."""
    row = LineRow(a_run(), "logs/01-build.log", FoundLine(0, None, content.encode()))
    text = cells(row, matcher(pattern, regex=regex), START, UTC)["text"]
    return text.plain, [text.plain[span.start : span.end] for span in text.spans if "reverse" in str(span.style)]


@pytest.mark.parametrize(
    ("pattern", "regex", "line", "matches"),
    [
        ("binder", False, "    13:02:41 ERROR Binder Error", ["Binder"]),
        ("int_delays", False, "    13:02:41 ERROR [int_delays] Binder Error", ["int_delays"]),
        ("delays] b", False, "    13:02:41 ERROR [int_delays] Binder Error", ["delays] B"]),
        ("ERROR", False, "    13:02:41 ERROR [int_delays] Binder Error", ["ERROR"]),
        ("error.*delays", True, "    13:02:41 ERROR [int_delays] Binder Error", ["ERROR [int_delays"]),
        ("41.123Z", False, f"    {HEAD} [int_delays] Binder Error", ["41.123Z"]),
    ],
)
def test_a_match_is_seen_wherever_it_is(pattern: str, regex: bool, line: str, matches: list[str]) -> None:
    assert shown(f"{HEAD} [int_delays] Binder Error", pattern, regex) == (line, matches)


def test_a_line_without_a_head_is_shown_as_it_is() -> None:
    assert shown("  LINE 14:   tailnum,", "line 14") == ("    LINE 14: tailnum,", ["LINE 14"])


def test_a_match_far_along_is_shown_from_shortly_before_it_on() -> None:
    line, matches = shown(f"{HEAD} [int_delays] {'x' * 200} needle", "needle")
    assert line.startswith("    13:02:41 ERROR …xxx")
    assert matches == ["needle"]


def test_a_line_has_the_whole_width() -> None:
    [fitted] = fit_columns(COLUMNS, 80)
    assert fitted.width == 78


def test_runs_and_their_parts_say_how_many_lines_they_have() -> None:
    run = cells(RunRow(a_run(), 1_234), None, START, UTC)["text"].plain
    assert run.startswith("#7 nightly · flights/prod  1,234 lines  ")
    group = GroupRow(a_run(), "build", "int_delays", 1, "logs/01-build.log", 0)
    assert cells(group, None, START, UTC)["text"].plain == "  build  int_delays  1 line"

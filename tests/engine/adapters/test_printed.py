"""The level of what a process prints."""

import traceback

from engine.adapters.printed import PrintedLines


def test_a_traceback_is_an_error_from_its_first_line_to_the_exception() -> None:
    try:
        raise ValueError("no such carrier")
    except ValueError:
        printed = traceback.format_exc().splitlines()
    lines = PrintedLines()

    assert lines.level("  loading") == "INFO"
    assert [lines.level(line) for line in printed] == ["ERROR"] * len(printed)
    assert printed[-1] == "ValueError: no such carrier"
    assert [lines.level(line) for line in ("going on", "  as before")] == ["INFO", "INFO"]


def test_a_second_traceback_is_one_too() -> None:
    lines = PrintedLines()

    said = ["Traceback (most recent call last):", "KeyError: 1", "", "Traceback (most recent call last):", "  File x"]

    assert [lines.level(line) for line in said] == ["ERROR", "ERROR", "INFO", "ERROR", "ERROR"]

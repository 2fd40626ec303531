"""Checks what is asked of a run beyond its job, as far as that can be told before its tool reads the project."""

import re
from datetime import date
from difflib import get_close_matches

from engine.errors import UsageError
from store.models import RunOptions, Tool

_CATEGORIES = ("breaking", "non_breaking")
_DAY = re.compile(r"\s*(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)")
_MOMENTS = ("now", "today", "yesterday", "tomorrow")
_LIKENESS = 0.75
"""`tomorow` is like `tomorrow`; words of other languages, which the tool may know, are not."""


def check_options(options: RunOptions, tool: Tool, project: str) -> None:
    """Raises UsageError for a day that is in no calendar, a stretch that ends before it starts, an unknown category,
    and for what only the other tool can do."""
    start, end = _day("start", options.start), _day("end", options.end)
    if start is not None and end is not None and end < start:
        raise UsageError(f"The end, {options.end}, is before the start, {options.start}.")
    for wanted in options.categories:
        _check_category(wanted)
    if tool == "dbt":
        _refuse_plans_of_sqlmesh(options, project)
        if (options.start is None) != (options.end is None):
            raise UsageError(f"{project} is a dbt project: dbt takes a start together with an end.")


def _day(which: str, text: str | None) -> date | None:
    """The day that is written in figures; None for other words, which only the tool understands."""
    if text is None:
        return None
    if found := _DAY.match(text):
        year, month, day = map(int, found.groups())
        try:
            return date(year, month, day)
        except ValueError:
            raise UsageError(f"The {which}, {text}, is in no calendar; write a day as 2013-01-31.") from None
    word = text.strip().lower()
    near = get_close_matches(word, _MOMENTS, 1, _LIKENESS)
    if near and word not in _MOMENTS:
        raise UsageError(f"The {which}, {text}, is no day; is {near[0]} meant?")
    return None


def _check_category(wanted: str) -> None:
    category = wanted.rpartition("=")[2]
    if category not in _CATEGORIES:
        near = get_close_matches(category, _CATEGORIES, 1)
        meant = f"; is {near[0]} meant?" if near else f": {' or '.join(_CATEGORIES)}."
        raise UsageError(f"{category or 'Nothing'} is no category of a change{meant}")


def _refuse_plans_of_sqlmesh(options: RunOptions, project: str) -> None:
    asked = {
        "restate": options.restate,
        "forward only": options.forward_only,
        "category": options.categories,
        "create from": options.create_from,
    }
    if only := [name for name, value in asked.items() if value]:
        raise UsageError(f"{project} is a dbt project; only SQLMesh knows of plans with {', '.join(only)}.")

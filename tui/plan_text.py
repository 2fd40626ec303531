"""What a plan says, as lines: the same for the command line and for the plan page. Values in, lines out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from store.models import NoticeRecord
from store.text import one_line

Look = Literal["title", "text", "added", "removed", "changed", "muted", "warning", "bad"]

CHANGE_WORDS = {
    "added": "added",
    "removed": "removed",
    "directly_modified": "directly modified",
    "indirectly_modified": "indirectly modified",
    "metadata": "metadata only",
}
_LOOKS: Mapping[str, Look] = {"added": "added", "removed": "removed", "directly_modified": "changed"}
_WIDEST_WORD = max(len(word) for word in CHANGE_WORDS.values())
_DIFF_LOOKS: tuple[tuple[str, Look], ...] = (("@@", "muted"), ("+", "added"), ("-", "removed"))


@dataclass(frozen=True, slots=True)
class PlanLine:
    """One line and what it is, which decides its colour."""

    text: str
    look: Look = "text"


def plan_lines(details: Mapping[str, Any], applied: bool = False) -> list[PlanLine]:
    """All that a plan says: SQLMesh's changes, backfills and unit tests, or what dbt would execute.

    `applied`: it is not only shown.
    """
    if "steps" in details:
        return list(_dbt_lines(details))
    return [
        *_headline(details, applied),
        *_changes(details),
        *_backfills(details),
        *_tests(details),
        *_differences(details),
    ]


def warning_lines(notices: Sequence[NoticeRecord]) -> list[PlanLine]:
    """What the tool warned of while it made the plan, each once; what it refuses to do, for one, it only says so."""
    told = dict.fromkeys((notice.level, one_line(notice.text)) for notice in notices if notice.level != "info")
    return [PlanLine(f"▲ {text}", "bad" if level == "error" else "warning") for level, text in told]


def is_idle(details: Mapping[str, Any]) -> bool:
    """Whether applying the plan would do nothing."""
    return bool(details.get("nothing_to_do"))


def _headline(details: Mapping[str, Any], applied: bool) -> Iterator[PlanLine]:
    place = details.get("environment")
    if details.get("new_environment"):
        origin = f", made from {details['created_from']}" if details.get("created_from") else ""
        yield PlanLine(f"{place} is a new environment{origin}.", "title")
    elif details.get("restatement_dropped"):
        yield PlanLine(f"{place}: nothing of what was asked for would be loaded again.", "bad")
    elif is_idle(details):
        yield PlanLine(f"{place} is up to date: nothing to do.", "title")
    else:
        yield PlanLine(f"What {'changes' if applied else 'would change'} in {place}:", "title")
    if details.get("unfinalised"):
        yield PlanLine("An earlier plan began to update it and did not end; applying this one heals it.", "bad")
    if details.get("forward_only"):
        yield PlanLine("Forward-only: existing tables are kept, changes count from now on.", "muted")
    for model in details.get("uncategorised") or []:
        yield PlanLine(f"{_name(model)} needs a category before the plan can be applied.", "bad")


def _changes(details: Mapping[str, Any]) -> Iterator[PlanLine]:
    changes = details.get("changes") or []
    if not changes:
        return
    widest = max(len(change["name"]) for change in changes)
    names = {change["model"]: change["name"] for change in changes}
    yield PlanLine("")
    for change in changes:
        word = "formatting only" if change["formatting_only"] else CHANGE_WORDS.get(change["change"], change["change"])
        line = f"  {word:<{_WIDEST_WORD}}  {change['name']:<{widest}}  {_explanation(change, names)}".rstrip()
        look: Look = "muted" if change["formatting_only"] else _LOOKS.get(change["change"], "text")
        yield PlanLine(line, look)


def _explanation(change: Mapping[str, Any], names: Mapping[str, str]) -> str:
    category = str(change.get("category") or "").replace("_", "-")
    if category == "metadata" or change["formatting_only"]:
        category = ""  # the first word has said it
    causes = ", ".join(names.get(cause) or _name(cause) for cause in change.get("caused_by") or [])
    return "  ".join(part for part in (category, f"← {causes}" if causes else "") if part)


def _backfills(details: Mapping[str, Any]) -> Iterator[PlanLine]:
    backfills = details.get("backfills") or []
    if not backfills:
        return
    batches = sum(backfill.get("batches") or 0 for backfill in backfills)
    yield PlanLine("")
    yield PlanLine(f"Backfill: {_count(len(backfills), 'model')}, {_count(batches, 'batch', 'batches')}", "title")
    widest = max(len(backfill["name"]) for backfill in backfills)
    for backfill in backfills:
        spans = ", ".join(f"{_day(span['start'])} → {_day(span['end'])}" for span in backfill.get("intervals") or [])
        restating = "  restated" if backfill.get("restating") else ""
        count = _count(backfill.get("batches") or 0, "batch", "batches")
        yield PlanLine(f"  {backfill['name']:<{widest}}  {spans}  {count}{restating}")


def _tests(details: Mapping[str, Any]) -> Iterator[PlanLine]:
    tests = details.get("tests")
    if not tests or not tests.get("ran"):
        return
    failed = (tests.get("failed") or 0) + (tests.get("errors") or 0)
    yield PlanLine("")
    if failed:
        yield PlanLine(f"Unit tests: {failed} of {tests['ran']} failed; the plan cannot be applied.", "bad")
    else:
        yield PlanLine(f"Unit tests: {tests['ran']} passed", "title")


def _differences(details: Mapping[str, Any]) -> Iterator[PlanLine]:
    for change in details.get("changes") or []:
        diff = (change.get("text_diff") or "").strip("\n")
        if not diff:
            continue
        yield PlanLine("")
        yield PlanLine(change["name"], "title")
        for line in _without_heads(diff.split("\n")):
            yield PlanLine(f"  {line}", next((look for start, look in _DIFF_LOOKS if line.startswith(start)), "text"))


def _without_heads(lines: Sequence[str]) -> Iterator[str]:
    """A diff's own lines: without the names of files, which have none here, and the empty lines around them."""
    for before, line in zip(("", *lines), lines, strict=False):
        is_head = line.rstrip() in ("---", "+++")
        if not is_head and not (not line.strip() and before.startswith(("---", "+++", "@@"))):
            yield line


def _dbt_lines(details: Mapping[str, Any]) -> Iterator[PlanLine]:
    for step in details["steps"]:
        models, audits = step.get("models") or [], step.get("audits") or []
        yield PlanLine(" ".join(step["command"]), "title")
        yield PlanLine(f"  would execute {_count(len(models), 'model')} and {_count(len(audits), 'audit')}", "muted")
        for model in models:
            kind, _, name = model.partition(".")
            yield PlanLine(f"  {kind:<8}  {name.partition('.')[2]}")


def _name(model: str) -> str:
    return model.replace('"', "")


def _day(moment: str | None) -> str:
    """A midnight is its day; any other time is shown to the minute."""
    if moment is None:
        return "…"
    day, _, time = moment.partition("T")
    return day if time.startswith("00:00:00") else f"{day} {time[:5]}"


def _count(number: int, noun: str, plural: str | None = None) -> str:
    return f"{number:,} {noun if number == 1 else plural or f'{noun}s'}"

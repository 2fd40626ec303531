"""Values that the whole bridge shares: times, spans of time, how a command ends."""

from __future__ import annotations  # the project's Python may be as old as 3.9

import importlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

Span = tuple[int, int]
"""A half-open stretch of time [start, end) in milliseconds since 1970, as SQLMesh keeps its intervals."""

EXIT_GOOD, EXIT_FAILED, EXIT_WRONG_USE, EXIT_CANCELLED = 0, 1, 2, 130


def sqlmesh(module: str) -> Any:
    """A module of SQLMesh, untyped: names and signatures differ between the versions that are supported."""
    return importlib.import_module(f"sqlmesh.{module}")


def utc_now() -> datetime:
    return datetime.now(timezone.utc)  # noqa: UP017 datetime.UTC is newer than Python 3.9


def iso(moment: datetime) -> str:
    """ISO 8601 in UTC with a Z, to the millisecond."""
    utc = moment.astimezone(timezone.utc)  # noqa: UP017
    return utc.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def iso_ms(milliseconds: int | None) -> str | None:
    if milliseconds is None:
        return None
    return iso(datetime.fromtimestamp(milliseconds / 1000, timezone.utc))  # noqa: UP017


def span_json(span: Span) -> dict[str, str | None]:
    return {"start": iso_ms(span[0]), "end": iso_ms(span[1])}


def spans_json(spans: Iterable[Span]) -> list[dict[str, str | None]]:
    return [span_json(span) for span in spans]


def merged(spans: Iterable[Span]) -> list[Span]:
    """The same time in as few spans as possible, in order."""
    result: list[Span] = []
    for start, end in sorted(spans):
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        else:
            result.append((start, end))
    return result


def overlap(span: Span, others: Iterable[Span]) -> list[Span]:
    """The parts of `span` that `others` cover."""
    parts = [(max(span[0], start), min(span[1], end)) for start, end in others]
    return merged(part for part in parts if part[0] < part[1])


def without(spans: Iterable[Span], taken: Iterable[Span]) -> list[Span]:
    """The time of `spans` that `taken` does not cover."""
    remaining = merged(spans)
    for start, end in taken:
        cut: list[Span] = []
        for low, high in remaining:
            cut += [part for part in ((low, min(high, start)), (max(low, end), high)) if part[0] < part[1]]
        remaining = cut
    return remaining


def first_line(text: str) -> str:
    return next((line.strip() for line in text.splitlines() if line.strip()), "")


def error_text(error: BaseException) -> str:
    return str(error).strip() or type(error).__name__


def error_sentence(error: BaseException) -> str:
    """The first line of an error with what explains it: its second line, or else its cause's first.

    SQLMesh's own first lines may say no more than that something failed.
    """
    lines = [line.strip() for line in error_text(error).splitlines() if line.strip()]
    sentence = lines[0].rstrip(".:")
    cause = lines[1] if len(lines) > 1 else first_line(error_text(error.__cause__)) if error.__cause__ else ""
    return f"{sentence}: {cause}" if cause and cause not in sentence else f"{sentence}."


@dataclass(frozen=True)
class Outcome:
    """How a command ended. `reason` is one sentence for people."""

    status: str
    reason: str | None = None
    exit_code: int = EXIT_GOOD


class Refused(Exception):
    """The command cannot be carried out as asked; the message is one sentence for people."""


class Cancelled(BaseException):
    """Leaves SQLMesh after a cancel. No Exception, or SQLMesh would take it for a failed batch and go on."""


class Unfinalised(BaseException):
    """Leaves SQLMesh when the environment is in the middle of another plan: SQLMesh would wait for hours."""

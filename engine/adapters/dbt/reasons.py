"""The one sentence that says why a dbt step failed."""

import re
import signal
from collections.abc import Sequence

from engine.adapters.dbt.summary import Summary
from store.text import one_line

_LONGEST_SENTENCE = 300
_MOST_NAMES = 5

_LOCKED = re.compile(
    r'Could not set lock on file "(?P<file>[^"]+)".*?lock is held in (?P<program>.+?) \(PID (?P<pid>\d+)\)', re.DOTALL
)
_UNREACHABLE = re.compile(r"HTTPS?ConnectionPool\(host='(?P<host>[^']+)'.*Max retries exceeded", re.DOTALL)
_CODED = re.compile(r"^\[error\] \[\w+ \(dbt\d+\)\]: ")
_HEADING = re.compile(r"^(?P<what>[A-Z][\w ]*? (?:Error|Failure))(?P<where> in .+)?$", re.IGNORECASE)
_FILE = re.compile(r"^Error encountered in (?P<file>\S.*)$", re.MULTILINE)
# Under these, dbt only adds hints, positions and stacks.
_ASIDE = re.compile(r"^(line \d+|LINE \d+:|> in |The error was:|Raw Error:|Traceback|-{3,}|\^)")


def failure_reason(exit_code: int, summary: Summary) -> str:
    """Why dbt ended with this exit code, negative for a signal."""
    if exit_code < 0:
        return f"dbt was ended by signal {-exit_code} ({_signal_name(-exit_code)})."
    nodes = node_failures(summary)
    if nodes and (exit_code == 1 or summary.fatal is None):
        return nodes + _shared_problem(summary)
    if summary.fatal is not None:
        return sentence_of(summary.fatal)
    if summary.first_error is not None:
        return sentence_of(summary.first_error)
    return f"dbt ended with exit code {exit_code} and said nothing about it; the step's log may."


def _shared_problem(summary: Summary) -> str:
    # dbt 2 says why in an error of its own, and of the nodes only that they failed.
    said = summary.first_error or ""
    return f" ({sentence_of(said)})" if _CODED.match(said) else ""


def node_failures(summary: Summary) -> str | None:
    """What failed in the project itself: `2 models failed: a, b; 1 blocking audit failed: c`."""
    said = (
        _count(summary.failed_hooks, "hook failed", "hooks failed", summary.hook_problem),
        _count(summary.failed_models, "model failed", "models failed"),
        _count(summary.failed_audits, "blocking audit failed", "blocking audits failed"),
    )
    return "; ".join(part for part in said if part) or None


def sentence_of(message: str) -> str:
    """The part of an error message of dbt's that matters, as one line."""
    known = _known_problem(message)
    if known:
        return known
    lines = [line.strip() for line in _CODED.sub("", message).strip().splitlines()]
    heading = _HEADING.match(lines[0]) if lines else None
    body = _first_paragraph(lines[1:] if heading else lines)
    if heading:
        where = heading["where"] or _in_file(message)
        body = f"{heading['what'].capitalize()}{where}: {body}" if body else lines[0]
    return _cut(one_line(body))


def _known_problem(message: str) -> str | None:
    """Failures that dbt words for a developer of its libraries, in words for its user."""
    locked = _LOCKED.search(message)
    if locked:
        return (
            f"The DuckDB file {locked['file']} is locked by process {locked['pid']} ({one_line(locked['program'])}); "
            "end it or let it end, then run again."
        )
    unreachable = _UNREACHABLE.search(message)
    return f"{unreachable['host']} could not be reached: dbt fetches packages from there." if unreachable else None


def _in_file(message: str) -> str:
    """dbt says only at its end in which file a wrong setting is."""
    found = _FILE.search(message)
    return f" in {found['file'].strip()}" if found else ""


def _first_paragraph(lines: Sequence[str]) -> str:
    found: list[str] = []
    for line in lines:
        if found and (not line or _ASIDE.match(line)):
            break
        if line and not _ASIDE.match(line):
            found.append(line)
    return " ".join(found)


def _count(names: Sequence[str], one: str, many: str, problem: str | None = None) -> str | None:
    if not names:
        return None
    shown = ", ".join(names[:_MOST_NAMES])
    more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    why = f" ({sentence_of(problem)})" if problem else ""
    return f"{len(names)} {one if len(names) == 1 else many}: {shown}{more}{why}"


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return "unknown"


def _cut(sentence: str) -> str:
    return sentence if len(sentence) <= _LONGEST_SENTENCE else f"{sentence[: _LONGEST_SENTENCE - 1]}…"

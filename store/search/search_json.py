"""What a search found, as JSON."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from store.logs.log_lines import LogParser
from store.search.looking import FoundLine
from store.search.searching import Found, Progress, Unread


@dataclass
class GrowingJson:
    """One object, told in pieces as it grows: the lines, then how many there are of each model, step and run."""

    _counts: Counter[tuple[int, str, str | None]] = field(default_factory=Counter)
    _unread: list[dict[str, Any]] = field(default_factory=list)
    _begun: bool = False

    def found(self, found: Found) -> str:
        """The piece with these lines; empty where none of them was kept."""
        self._counts[found.run.id, found.step, found.model] += found.lines
        lines = ",\n".join(json.dumps(found_line_json(found, line)) for line in found.shown)
        if not lines:
            return ""
        before, self._begun = ",\n" if self._begun else '{"lines": [\n', True
        return before + lines

    def unread(self, unread: Unread) -> None:
        """Notes a log that could not be read, to be told at the end."""
        self._unread.append({"run": unread.run.id, "problem": unread.sentence})

    def end(self, progress: Progress, complete: bool = True) -> str:
        """The last piece; `complete` says whether everything was searched that was to be."""
        rest = {
            "counts": counts_json(self._counts),
            "runs_searched": progress.runs,
            "bytes_searched": progress.bytes,
            "unread": self._unread,
            "complete": complete,
        }
        return ("\n" if self._begun else '{"lines": [') + f"], {json.dumps(rest)[1:]}\n"


def found_line_json(found: Found, found_line: FoundLine) -> dict[str, Any]:
    """One line with the place that it is at."""
    line = LogParser().parse(found_line.content.decode("utf-8", "replace"))
    return {
        "run": found.run.id,
        "step": found.step,
        "model": found.model,
        "log": found.log,
        "offset": found_line.offset,
        "time": line.time,
        "level": line.level,
        "text": line.text,
    }


def counts_json(counts: Mapping[tuple[int, str, str | None], int]) -> list[dict[str, Any]]:
    """How many lines there are of each model in each step of each run."""
    return [{"run": run, "step": step, "model": model, "lines": lines} for (run, step, model), lines in counts.items()]

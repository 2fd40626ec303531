"""What a search found, as JSON."""

from collections.abc import Mapping
from typing import Any

from store.logs.log_lines import LogParser
from store.search.looking import FoundLine
from store.search.searching import Found


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

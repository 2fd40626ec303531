"""Reads and sieves the lines of step logs: `2026-11-21T03:04:05.123Z LEVEL [node] message`. Pure."""

import re
from dataclasses import dataclass, replace
from typing import Any

LEVELS = ("DEBUG", "INFO", "WARN", "ERROR")
_LINE = re.compile(r"(?P<time>\d{4}-\d\d-\d\dT[\d:.]+Z) (?P<level>[A-Z]+) +(?:\[(?P<node>[^\]]*)\] )?(?P<text>.*)")


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line of a step's log; `raw` as it stands in the file, without its end."""

    raw: str
    time: str | None
    level: str
    node: str | None
    text: str


@dataclass(frozen=True, slots=True)
class LogFilter:
    """Which lines to show: of a model, of a level or a worse one, that match a pattern."""

    model: str | None = None
    level: str = LEVELS[0]
    pattern: re.Pattern[str] | None = None

    def lets_through(self, line: LogLine) -> bool:
        """Whether the line is one of those."""
        if self.model is not None and not is_of(self.model, line.node):
            return False
        if severity(line.level) < severity(self.level):
            return False
        return self.pattern is None or self.pattern.search(line.raw) is not None


def severity(level: str) -> int:
    """How bad a level is; one that is not known counts as information."""
    return LEVELS.index(level) if level in LEVELS else LEVELS.index("INFO")


def is_of(model: str, node: str | None) -> bool:
    """Whether a line's node is this model, named as people do or as the tool does."""
    return node is not None and (node == model or node.endswith(f".{model}"))


def log_line_json(step: str, line: LogLine) -> dict[str, Any]:
    """A line of a step's log as JSON."""
    return {"step": step, "time": line.time, "level": line.level, "node": line.node, "text": line.text}


class LogParser:
    """Reads the lines of one log, in order: a line without a head of its own belongs to the one before it."""

    def __init__(self) -> None:
        self._before = LogLine("", None, "INFO", None, "")

    def parse(self, raw: str) -> LogLine:
        """The next line of the log."""
        if match := _LINE.fullmatch(raw):
            line = LogLine(raw, match["time"], match["level"], match["node"], match["text"])
        else:
            line = replace(self._before, raw=raw, text=raw)
        self._before = line
        return line

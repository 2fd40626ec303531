"""What of a log is shown, and how: the choices that a person makes with keys."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from store.logs.levels import LEVEL_CHOICES, LevelChoice, about, of_level
from store.logs.matching import Matcher, all_of
from tui.log.filter import MOST_CONTEXT, LineFilter
from tui.log.times import TIME_STYLES, TimeStyle
from tui.text import plain

Choice = TypeVar("Choice")

_TIME_WORDS: dict[TimeStyle, str] = {
    "clock": "",
    "since_start": "times since the start",
    "since_previous": "times since the line before",
    "off": "no times",
    "written": "times as written",
}


@dataclass(frozen=True, slots=True)
class LogModes:
    """The choices. All lines of the log are shown as long as no level, no node and not only matches are wanted."""

    wrap: bool = False
    numbers: bool = False
    times: TimeStyle = "clock"
    level: LevelChoice = ""
    node: str = ""
    """The model or audit that the lines are about; empty for all lines."""
    only_matching: bool = False
    context: int = 0
    """So many lines are shown before and behind each that is wanted."""

    def with_next_times(self) -> "LogModes":
        """Times in the next style."""
        return replace(self, times=_after(TIME_STYLES, self.times))

    def with_next_level(self) -> "LogModes":
        """The next level."""
        return replace(self, level=_after(LEVEL_CHOICES, self.level))

    def with_context(self, more: int) -> "LogModes":
        """More lines around, or fewer."""
        return replace(self, context=max(0, min(MOST_CONTEXT, self.context + more)))

    def of_all_lines(self) -> "LogModes":
        """Every line, in the same looks."""
        return replace(self, level="", node="", only_matching=False, context=0)

    @property
    def is_filtering(self) -> bool:
        """Whether some lines are left out."""
        return bool(self.level or self.node or self.only_matching)

    def shown(self, wanted: Matcher | None) -> LineFilter | None:
        """The lines that are shown while this is searched for; None for all."""
        of_node = about(self.node) if self.node else None
        only = wanted if self.only_matching else None
        chosen = [item for item in (of_node, only, of_level(self.level)) if item is not None]
        return LineFilter(all_of(*chosen), self.context) if chosen else None

    def words(self) -> str:
        """What is left out and what is different, for the status line."""
        only = (
            f"about {plain(self.node)}" if self.node else "",
            "matching" if self.only_matching else "",
            {"": "", "warn": "warnings and errors", "error": "errors"}[self.level],
        )
        shown = " and ".join(filter(None, only))
        around = f" ±{self.context}" if self.context else ""
        parts = (f"only {shown}{around}" if shown else "", _TIME_WORDS[self.times], "wrapped" if self.wrap else "")
        return ", ".join(filter(None, parts))


def _after(choices: Sequence[Choice], choice: Choice) -> Choice:
    """The next of the choices; behind the last comes the first."""
    return choices[(choices.index(choice) + 1) % len(choices)]

"""The list of steps of a run. Values in, cells out."""

import shlex
from datetime import datetime
from pathlib import PurePath

from rich.text import Text

from store import wording
from store.models import Step
from store.status import StepStatus
from store.text import one_line
from tui import formats


def cells(step: Step, now: datetime) -> dict[str, Text]:
    """What each column shows of a step."""
    seconds = ((step.finished_at or now) - step.started_at).total_seconds()
    length = wording.whole_duration if step.status is StepStatus.RUNNING else wording.duration
    return {
        "status": formats.status_glyph(step.status),
        "position": Text(str(step.position)),
        "name": Text(one_line(step.name)),
        "duration": Text(length(max(0.0, seconds))),
        "exit": exit_text(step.exit_code),
        "command": Text(command_line(step), formats.MUTED),
    }


def exit_text(code: int | None) -> Text:
    """`exit 2`, or `signal 9` for a process that was ended by one; empty while there is none."""
    if code is None:
        return Text()
    if code < 0:
        return Text(f"signal {-code}", formats.WARNING)
    return Text(f"exit {code}", formats.BAD if code else formats.MUTED)


def command_line(step: Step) -> str:
    """The command as one would type it, its program by name only."""
    if not step.command:
        return ""
    return one_line(shlex.join([PurePath(step.command[0]).name, *step.command[1:]]))


def step_to_show(steps: tuple[Step, ...]) -> Step | None:
    """The step whose log matters now: the first failed one, else the running one, else the last."""
    for status in (StepStatus.FAILED, StepStatus.RUNNING):
        for step in steps:
            if step.status is status:
                return step
    return steps[-1] if steps else None


def step_at(steps: tuple[Step, ...], moment: datetime | None) -> Step | None:
    """The step that went on at a moment, for what happened then; None where that is not known."""
    if moment is None:
        return None
    begun = [step for step in steps if step.started_at <= moment and step.log is not None]
    return begun[-1] if begun else None

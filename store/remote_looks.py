"""How the looks at the remotes of projects go: values, and the sentence that tells of one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from store.clock import to_iso
from store.models import Project
from store.text import one_line
from store.wording import relative_time

_LATE = 10
_LATE_AT_LEAST_S = 120.0


@dataclass(frozen=True, slots=True)
class RemoteLook:
    """The last look at a project's remote.

    `answered_at` is the last one that went well; `problem` is what git said at the last one, None when that was it.
    Both times are None before the first look.
    """

    project: str
    remote: str | None = None
    looked_at: datetime | None = None
    answered_at: datetime | None = None
    problem: str | None = None


def looks_of(projects: Iterable[Project], known: Iterable[RemoteLook]) -> list[RemoteLook]:
    """The looks at the remotes that matter to these projects: that are looked at again and again, or cannot be used."""
    by_project = {look.project: look for look in known}
    found = [(project, by_project.get(project.name)) for project in projects]
    polled = [look or RemoteLook(project.name, project.git) for project, look in found if project.poll_s is not None]
    cloned = [look for project, look in found if project.poll_s is None and project.git and look and look.problem]
    return [*polled, *cloned]


def problems_of(looks: Iterable[RemoteLook], now: datetime) -> list[str]:
    """A sentence for each remote that could not be looked at."""
    return [look_text(look, now) for look in looks if look.problem]


def look_text(look: RemoteLook, now: datetime) -> str:
    """`The remote of shop, git@…, answered 20s ago.`, or why it did not and since when."""
    named = f"The remote of {one_line(look.project)}" + (f", {one_line(look.remote)}," if look.remote else "")
    if look.looked_at is None:
        return f"{named} was not looked at yet: an engine does that."
    when = relative_time(look.looked_at, now)
    if look.problem is None:
        return f"{named} answered {when}."
    since = f"; it answered last {relative_time(look.answered_at, now)}" if look.answered_at else ""
    return f"{named} could not be looked at {when}: {one_line(look.problem).rstrip('.')}{since}."


def is_late(look: RemoteLook, poll_s: float, now: datetime) -> bool:
    """Whether nobody looked for much longer than it should take."""
    limit_s = max(_LATE * poll_s, _LATE_AT_LEAST_S)
    return look.looked_at is None or (now - look.looked_at).total_seconds() > limit_s


def look_json(look: RemoteLook) -> dict[str, Any]:
    """As machines read it."""
    return {
        "remote": look.remote,
        "looked_at": to_iso(look.looked_at) if look.looked_at else None,
        "answered_at": to_iso(look.answered_at) if look.answered_at else None,
        "problem": look.problem,
    }


def look_at(project: str, looks: Sequence[RemoteLook]) -> RemoteLook | None:
    """The one at a project's remote."""
    return next((look for look in looks if look.project == project), None)

"""Which runs a list shows."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from store.models import RunKind, Trigger
from store.status import RunStatus


class RunFilter(BaseModel):
    """What a run must be to be listed; an empty field asks for nothing.

    `words` must all occur (upper and lower case alike) in what a list shows of the run: its number, name, job,
    environment, author, branch, commit, status or reason.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    statuses: frozenset[RunStatus] = frozenset()
    kinds: frozenset[RunKind] = frozenset()
    triggers: frozenset[Trigger] = frozenset()
    project: str | None = None
    environment: str | None = None
    job: str | None = None
    author: str | None = None
    words: tuple[str, ...] = ()
    order: Literal["newest", "oldest"] = "newest"

    def where(self) -> tuple[str, list[object]]:
        """The condition in SQL over the table `runs`, with its parameters."""
        terms: list[str] = []
        values: list[object] = []
        for column, chosen in (("status", self.statuses), ("kind", self.kinds), ("trigger", self.triggers)):
            if chosen:
                terms.append(f"{column} IN ({', '.join('?' * len(chosen))})")
                values.extend(sorted(chosen))
        for column in ("project", "environment", "job", "author"):
            if (wanted := getattr(self, column)) is not None:
                terms.append(f"{column} = ?")
                values.append(wanted)
        for word in self.words:
            terms.append(f"{_SEARCHED} LIKE ? ESCAPE '\\'")
            values.append(f"%{_escaped(word)}%")
        return " AND ".join(terms) or "1", values


_SEARCHED = " || ' ' || ".join(
    [
        "'#' || id",
        "name",
        *(f"coalesce({column}, '')" for column in ("job", "author", "branch", '"commit"', "status_reason")),
        "project || '/' || environment",
        "kind",
        "status",
        "trigger",
    ]
)
_SEARCHED = f"({_SEARCHED})"


def _escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")

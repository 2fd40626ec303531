"""Which runs a list shows."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from store.models import RunKind, Trigger
from store.status import RunStatus

_PLACE_AND_KIND = {"project", "environment", "kinds"}
_WITH_OWN_INDEX: tuple[set[str], ...] = (
    set(),
    {"statuses"},
    {"author"},
    {"project", "job"},
    {"project", "environment"},
)


class RunFilter(BaseModel):
    """What a run must be to be listed; an empty field asks for nothing.

    `words` must all occur (upper and lower case alike) in what a list shows of the run: its number, name, job,
    environment, author, branch, commit, status or reason. `cause` is how the fingerprint of one of its failures begins.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    statuses: frozenset[RunStatus] = frozenset()
    kinds: frozenset[RunKind] = frozenset()
    triggers: frozenset[Trigger] = frozenset()
    project: str | None = None
    environment: str | None = None
    job: str | None = None
    author: str | None = None
    cause: str | None = None
    words: tuple[str, ...] = ()
    order: Literal["newest", "oldest"] = "newest"

    @property
    def table(self) -> str:
        """The table `runs` as a list of run numbers is best read from it.

        SQLite chooses well among the indexes for single columns. For all else, it would read a whole row for every
        run that the first column lets through; the index over all columns that are asked about spares it that.
        """
        asked = {
            name
            for name in ("statuses", "kinds", "triggers", "project", "environment", "job", "author", "words")
            if getattr(self, name)
        }
        if self.cause:  # its own index leads to the few runs that failed so
            return "runs"
        return "runs" if asked in _WITH_OWN_INDEX or asked >= _PLACE_AND_KIND else "runs INDEXED BY runs_listed"

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
        if self.cause is not None:
            # Behind `f` no hexadecimal digit comes, so that the index finds them all in one stretch.
            terms.append("id IN (SELECT run_id FROM failures WHERE fingerprint >= ? AND fingerprint < ?)")
            values.extend((self.cause, f"{self.cause}g"))
        for word in self.words:
            terms.append("searched LIKE ? ESCAPE '\\'")
            values.append(f"%{_escaped(word)}%")
        return " AND ".join(terms) or "1", values


def _escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")

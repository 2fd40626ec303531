"""Which runs a list shows."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from store.models import Handling, RunKind, Trigger
from store.status import RunStatus

_PLACE_AND_KIND = {"project", "environment", "kinds"}
_WITH_OWN_INDEX: tuple[set[str], ...] = (
    set(),
    {"statuses"},
    {"author"},
    {"job"},
    {"project", "job"},
    {"project", "environment"},
)


class RunFilter(BaseModel):
    """What a run must be to be listed; an empty field asks for nothing.

    `words` must all occur (upper and lower case alike) in what a list shows of the run: its number, name, job,
    environment, author, branch, commit, status or reason. `cause` is how the fingerprint of one of its failures begins.
    Runs in the archive are left out unless `archived` asks for them alone, or, as None, for all.
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
    handling: Handling | None = None
    archived: bool | None = False
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
        if self.cause or self.handling or self.archived:  # indexes of their own lead to the few runs
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
        if self.handling is not None:
            terms.append(_HANDLING[self.handling])
        if self.archived is not None:
            terms.append(f"id {'IN' if self.archived else 'NOT IN'} (SELECT id FROM runs WHERE archived = 1)")
        for word in self.words:
            terms.append("searched LIKE ? ESCAPE '\\'")
            values.append(f"%{_escaped(word)}%")
        return " AND ".join(terms) or "1", values


_FAILED = "status IN ('failed', 'error')"
_HANDLING: dict[Handling, str] = {
    "new": f"id IN (SELECT id FROM runs WHERE {_FAILED} AND superseded_by IS NULL AND acknowledged_at IS NULL)",
    "acknowledged": "id IN (SELECT id FROM runs WHERE acknowledged_at IS NOT NULL AND superseded_by IS NULL)",
    "superseded": f"id IN (SELECT id FROM runs WHERE superseded_by IS NOT NULL AND {_FAILED})",
}


def _escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def runs_of_job(job: str | None) -> RunFilter:
    """The runs of a job, named `nightly` or `flights/nightly`; every run where none is named."""
    project, _, name = (job or "").rpartition("/")
    return RunFilter(project=project or None, job=name or None)

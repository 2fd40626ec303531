"""Which runs a list shows."""

import re
from dataclasses import dataclass
from typing import Literal, NamedTuple

from store.models import Handling, RunKind, Trigger
from store.status import BAD, RunStatus


class Condition(NamedTuple):
    """A piece of SQL, with the values of its parameters."""

    sql: str
    values: list[object]


@dataclass(frozen=True, slots=True)
class RunFilter:
    """What a run must be to be listed; an empty field asks for nothing.

    `words` must all occur (upper and lower case alike) in what a list shows of the run: its name, job, environment,
    author, branch, status or reason; or be how its number begins (with three digits less at most) or its commit (with
    four digits at least, as in git).
    `cause` is how the fingerprint of one of its failures begins.
    Runs in the archive are left out unless `archived` asks for them alone, or, as None, for all.
    """

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

    def where(self) -> tuple[str, list[object]]:
        """The condition in SQL over the table `runs`, with its parameters."""
        one_by_one = self.one_by_one()
        if self.cause is not None and one_by_one is not None:
            return one_by_one
        facets = self.facets()
        by_facet = f"facet IN ({facets.sql})"
        if one_by_one is None:
            return by_facet, facets.values
        return f"({by_facet} OR {one_by_one.sql})", [*facets.values, *one_by_one.values]

    def facets(self) -> Condition:
        """The query for the facets of which every run is listed."""
        columns = self._columns()
        words = [_in_facet(word) for word in self.words]
        return _facets_with([columns, *words])

    def one_by_one(self) -> Condition | None:
        """The condition over `runs` for those that are listed for something that is not in their facet.

        None where a facet says all that is asked. What `facets` lists is not among them, unless a cause is asked for,
        which no facet knows: then all are.
        """
        candidates = self._candidates()
        if candidates is None:
            return None
        columns = _facets_with([self._columns()])
        terms = [candidates, Condition(f"facet IN ({columns.sql})", columns.values)]
        terms += [_in_run(word) for word in self.words]
        if self.cause is None:
            facets = self.facets()
            terms.append(Condition(f"facet NOT IN ({facets.sql})", facets.values))
        return _all_of(terms)

    def _candidates(self) -> Condition | None:
        """The runs with the cause that is asked for; else those that a word may mean by number or commit."""
        if self.cause is not None:
            # Behind `f` no hexadecimal digit comes, so that the index finds them all in one stretch.
            sql = "id IN (SELECT run_id FROM failures WHERE fingerprint >= ? AND fingerprint < ?)"
            return Condition(sql, [self.cause, f"{self.cause}g"])
        found = [condition for word in self.words for condition in _by_number_or_commit(word)]
        if not found:
            return None
        queries = " UNION ".join(f"SELECT id FROM runs WHERE {condition.sql}" for condition in found)
        return Condition(f"id IN ({queries})", [value for condition in found for value in condition.values])

    def _columns(self) -> Condition:
        """The condition over the columns of a facet."""
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
        if self.handling is not None:
            terms.append(_HANDLING[self.handling])
        if self.archived is not None:
            terms.append(f"archived = {int(self.archived)}")
        return Condition(" AND ".join(terms) or "1", values)


_BAD = ", ".join(f"'{status}'" for status in sorted(BAD))
_FAILED = f"status IN ({_BAD})"
_HANDLING: dict[Handling, str] = {
    "new": f"{_FAILED} AND NOT superseded AND NOT acknowledged AND NOT preview",
    "acknowledged": "acknowledged AND NOT superseded",
    "superseded": f"superseded AND {_FAILED}",
}
_NUMBER = re.compile(r"#?([1-9][0-9]{0,14})")
_MORE_DIGITS = 3
"""By how many digits a number may be longer than what was typed: a bound on the runs that are looked at."""
_COMMIT = re.compile(r"[0-9a-f]{4,40}", re.IGNORECASE)


def _facets_with(terms: list[Condition]) -> Condition:
    where = _all_of(terms)
    return Condition(f"SELECT facet FROM run_facets WHERE {where.sql}", where.values)


def _all_of(terms: list[Condition]) -> Condition:
    sql = " AND ".join(term.sql for term in terms)
    return Condition(sql, [value for term in terms for value in term.values])


def _in_facet(word: str) -> Condition:
    return Condition("searched LIKE ? ESCAPE '\\'", [f"%{_escaped(word)}%"])


def _in_run(word: str) -> Condition:
    """That a word occurs in what is shown of a run, in its facet or beside it."""
    facets = _facets_with([_in_facet(word)])
    ways = [Condition(f"facet IN ({facets.sql})", facets.values), *_by_number_or_commit(word)]
    sql = " OR ".join(way.sql for way in ways)
    return Condition(f"({sql})", [value for way in ways for value in way.values])


def _by_number_or_commit(word: str) -> list[Condition]:
    found: list[Condition] = []
    if number := _NUMBER.fullmatch(word):
        begun = int(number[1])
        for power in (10**digits for digits in range(_MORE_DIGITS + 1)):
            found.append(Condition("id BETWEEN ? AND ?", [begun * power, begun * power + power - 1]))
    if _COMMIT.fullmatch(word):
        commit = word.lower()
        found.append(Condition('"commit" >= ? AND "commit" < ?', [commit, f"{commit}g"]))
    return found


def _escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def runs_of_job(job: str | None) -> RunFilter:
    """The runs of a job, named `nightly` or `flights/nightly`; every run where none is named."""
    project, _, name = (job or "").rpartition("/")
    return RunFilter(project=project or None, job=name or None)

"""The language of the filter box: words that must all occur, and `job:`, `author:`, `status:`, `env:`, … in front."""

import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import cast, get_args

from engine.errors import UsageError
from store.filters import RunFilter
from store.models import Handling, RunKind, Trigger
from store.status import RunStatus

PREFIXES = ("job", "author", "status", "env", "project", "kind", "trigger", "cause", "is")
_VALUES: dict[str, tuple[str, ...]] = {
    "status": tuple(RunStatus),
    "kind": get_args(RunKind),
    "trigger": get_args(Trigger),
    "is": (*get_args(Handling), "archived"),
}


Names = Mapping[str, Sequence[str]]
"""The names that the workspace knows, by prefix."""


def parse_filter(text: str, names: Names | None = None) -> RunFilter:
    """The filter that the text asks for. `env:flights/prod` names the project too; `status:fail` is enough.

    What is not (yet) a whole name of those in `names` is searched for as a word, so that a list narrows while a name
    is typed. Raises UsageError for a prefix without a value, for a status, kind or trigger that there is none of, and
    for a cause that is no fingerprint.
    """
    chosen: dict[str, list[str]] = {}
    words = []
    for part in text.split():
        prefix, colon, value = part.partition(":")
        if not colon or prefix not in PREFIXES:
            words.append(part)
        elif value and _is_partial(prefix, value, names or {}):
            words.append(value)
        elif not value:
            raise UsageError(f"{prefix}: needs a value behind it, without a blank.")
        else:
            chosen.setdefault(prefix, []).append(value)
    place = chosen.get("env", [None])[-1]
    project, slash, environment = (place or "").partition("/")
    handling, archived = _handling(chosen)
    return RunFilter(
        words=tuple(words),
        job=_last(chosen, "job"),
        author=_last(chosen, "author"),
        cause=_fingerprint(_last(chosen, "cause")),
        project=project if slash else _last(chosen, "project"),
        environment=environment if slash else place,
        statuses=frozenset(map(RunStatus, _known("status", chosen))),
        kinds=cast("frozenset[RunKind]", _known("kind", chosen)),
        triggers=cast("frozenset[Trigger]", _known("trigger", chosen)),
        handling=handling,
        archived=archived,
    )


def without_bare_prefix(text: str) -> str:
    """The text while it is typed: a prefix that waits for its value asks for nothing yet."""
    head, _, last = text.rpartition(" ")
    return head if last.removesuffix(":") in PREFIXES and last.endswith(":") else text


def _is_partial(prefix: str, value: str, names: Names) -> bool:
    known = names.get(prefix)
    return known is not None and value not in known and not any(name.endswith(f"/{value}") for name in known)


def completions(text: str, names: Names) -> list[str]:
    """The whole text with its last word completed, for every way to complete it."""
    head, blank, last = text.rpartition(" ")
    if not last:
        return []
    prefix, colon, begun = last.partition(":")
    known = {**_VALUES, **names}
    if colon and prefix in known:
        found = [f"{prefix}:{value}" for value in known[prefix] if value.startswith(begun) and value != begun]
    else:
        found = [f"{name}:" for name in PREFIXES if not colon and name.startswith(last)]
    return [f"{head}{blank}{completed}" for completed in found]


def _last(chosen: dict[str, list[str]], prefix: str) -> str | None:
    return chosen[prefix][-1] if prefix in chosen else None


def _handling(chosen: dict[str, list[str]]) -> tuple[Handling | None, bool]:
    """`is:new`, `is:acknowledged`, `is:superseded` and `is:archived`. Raises UsageError for anything else."""
    wanted = _known("is", chosen)
    states = wanted - {"archived"}
    if len(states) > 1:
        raise UsageError(f"No run is {' and '.join(sorted(states))} at the same time.")
    return cast("Handling | None", next(iter(states), None)), "archived" in wanted


def _fingerprint(begun: str | None) -> str | None:
    """Raises UsageError for what cannot be how a fingerprint begins."""
    if begun is not None and not re.fullmatch("[0-9a-f]{1,12}", begun.lower()):
        raise UsageError(f"cause:{begun} is no fingerprint; `runroom failures` lists them, such as cause:ab12cd.")
    return None if begun is None else begun.lower()


def _known(prefix: str, chosen: dict[str, list[str]]) -> frozenset[str]:
    return frozenset(_complete(prefix, value) for value in chosen.get(prefix, ()))


def _complete(prefix: str, value: str) -> str:
    known = _VALUES[prefix]
    begun = [item for item in known if item.startswith(value.lower())]
    if len(begun) == 1 or value in known:
        return value if value in known else begun[0]
    if begun:
        raise UsageError(f"{prefix}:{value} may be {' or '.join(begun)}.")
    near = get_close_matches(value, known, n=1)
    hint = f" Did you mean {near[0]}?" if near else f" It can be {', '.join(known)}."
    raise UsageError(f"There is no {prefix} {value!r}.{hint}")

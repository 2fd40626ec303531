"""What a run with choices comes to: its options, and how long it may take. Values in, values out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from engine.errors import UsageError
from store.models import RunOptions, Tool
from tui.scope.branches import Chosen

_SELECTING = frozenset({"--select", "-s", "--models", "--model", "-m", "--selector", "--select-model"})
_EXCLUDING = frozenset({"--exclude"})


@dataclass(frozen=True, slots=True)
class Choices:
    """As they stand in the fields of a form; empty ones choose nothing."""

    variables: str = ""
    threads: str = ""
    start: str = ""
    end: str = ""
    full_refresh: bool = False


def options_of(chosen: Chosen, choices: Choices, tool: Tool) -> RunOptions:
    """The options of the run.

    Raises UsageError for variables that are no mapping, threads that are no number, and half a stretch of time where
    the tool takes it whole.
    """
    start, end = choices.start.strip() or None, choices.end.strip() or None
    if tool == "dbt" and (start is None) != (end is None):
        raise UsageError("dbt takes a start together with an end.")
    return RunOptions(
        select=chosen.selectors,
        full_refresh=choices.full_refresh,
        variables=_variables(choices.variables),
        threads=_threads(choices.threads),
        start=start,
        end=end,
    )


def narrows(steps: Sequence[str], tool: Tool, chosen: Chosen) -> bool:
    """Whether fewer models than these may be built: a job's own options leave some out, SQLMesh what is not due.

    A selection takes the place of the job's own; what a job excludes stays excluded.
    """
    words = {word.partition("=")[0] for step in steps for word in step.split()}
    selects = not chosen.selectors and bool(words & _SELECTING)
    return selects or bool(words & _EXCLUDING) or tool == "sqlmesh"


def _variables(text: str) -> dict[str, Any]:
    try:
        found = yaml.safe_load(text) if text.strip() else {}
    except yaml.YAMLError:
        found = None
    if not isinstance(found, dict) or not all(isinstance(key, str) for key in found):
        raise UsageError("Variables are written as YAML: {region: north, limit: 10}.")
    return found


def _threads(text: str) -> int | None:
    if not text.strip():
        return None
    if not text.strip().isdecimal() or not 0 < int(text) <= 1_000:
        raise UsageError("Threads are a number from 1 on.")
    return int(text)


def expected_s(
    chosen: Chosen, usual: Mapping[str, float], run_s: float | None, everything: Sequence[str]
) -> float | None:
    """About how many seconds it takes: the job's usual, by the part of its models' work that is chosen.

    None where the job, or every chosen model, never succeeded before.
    """
    whole = sum(usual.get(model, 0.0) for model in everything)
    part = sum(usual.get(model, 0.0) for model in chosen.models)
    if run_s is None or not whole or not part:
        return None
    return run_s * part / whole

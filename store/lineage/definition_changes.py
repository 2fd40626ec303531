"""How a model's definition differs from earlier runs."""

import asyncio
import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from store.lineage.definition import Definition, read_definition
from store.lineage.reading import Reading
from store.lineage.sql_requests import SqlProblem
from store.models import Run
from store.sql_difference import SqlDifference
from store.status import ModelStatus

_EARLIER_RUNS = 100
_CONTEXT_LINES = 3

DifferenceKind = Literal["same", "formatting", "changed", "unknown"]


@dataclass(frozen=True, slots=True)
class TextChange:
    """How one text differs: `lines` of a unified diff, without its head; None for `kind` where either is not known."""

    kind: SqlDifference | None = None
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DefinitionChange:
    """How a definition differs from that of the earlier run `run_id`."""

    run_id: int
    source: TextChange
    compiled: TextChange

    @property
    def kind(self) -> DifferenceKind:
        """The two together: what is compiled decides over formatting; `unknown` where nothing can be compared."""
        kinds = {self.source.kind, self.compiled.kind}
        for kind in ("changed", "formatting", "same"):
            if kind in kinds:
                return kind
        return "unknown"


@dataclass(frozen=True, slots=True)
class DefinitionChanges:
    """A definition, against the previous run of its job, and against the last run in which the model succeeded."""

    definition: Definition
    previous: DefinitionChange | None = None
    last_good: DefinitionChange | None = None


async def read_definition_changes(reading: Reading, run: Run, node: str) -> DefinitionChanges:
    """The definition as of this run, and how it differs from earlier ones. Raises StoreError."""
    definition = await read_definition(reading, run, node)
    previous = await reading.reader.comparable_run(run)
    good = await _last_good(reading, run, node)
    changes: Mapping[int, DefinitionChange] = {
        earlier: await _change(reading, definition, earlier) for earlier in {previous, good} if earlier is not None
    }
    return DefinitionChanges(
        definition,
        previous=None if previous is None else changes[previous],
        last_good=None if good is None else changes[good],
    )


async def _last_good(reading: Reading, run: Run, node: str) -> int | None:
    past = await reading.reader.past_executions(run, node, _EARLIER_RUNS)
    return next((each.run_id for each in past if each.run_id < run.id and each.status is ModelStatus.SUCCEEDED), None)


async def _change(reading: Reading, now: Definition, run_id: int) -> DefinitionChange:
    before = await read_definition(reading, await reading.reader.run(run_id), now.node)
    return DefinitionChange(
        run_id,
        source=await _text_change(reading, before.source, now.source, now.dialect),
        compiled=await _text_change(reading, before.compiled, now.compiled, now.dialect),
    )


async def _text_change(reading: Reading, before: str | None, after: str | None, dialect: str | None) -> TextChange:
    if before is None or after is None:
        return TextChange()
    try:
        kind = await reading.sql.difference(before, after, dialect)
    except SqlProblem:
        kind = "changed"
    if kind == "same":
        return TextChange(kind)
    return TextChange(kind, await asyncio.to_thread(_diff, before, after))


def _diff(before: str, after: str) -> tuple[str, ...]:
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=_CONTEXT_LINES)
    return tuple(lines)[2:]

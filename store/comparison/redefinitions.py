"""Tells definitions that are only formatted otherwise from those that say something else; slower than the comparison.

Decided on parsed SQL and Python, as the changes since an earlier run are.
"""

import asyncio
import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from store.comparison.compared import Comparison, with_definitions
from store.definition_parts import python_difference, sql_pairs
from store.lineage.definition import Definition, read_definition
from store.lineage.reading import Reading
from store.lineage.sql_requests import SqlProblem
from store.models import Run
from store.sql_difference import SqlDifference


@dataclass(frozen=True, slots=True)
class DefinitionStep:
    """How a definition differs from the run `before` to the run `after`; `lines` are those of a unified diff."""

    before: int
    after: int
    difference: SqlDifference
    lines: tuple[str, ...] = ()


async def tell_formatting(reading: Reading, found: Comparison) -> Comparison:
    """The comparison, with what is only formatting told apart. Raises StoreError."""
    told: dict[tuple[str, int], SqlDifference] = {}
    runs = [card.run for card in found.cards]
    for row in found.rows:
        changed = [index for index, cell in enumerate(row.cells) if cell is not None and cell.definition == "changed"]
        if not changed or row.base is None:
            continue
        base = await read_definition(reading, runs[row.base], row.node)
        for index in changed:
            other = await read_definition(reading, runs[index], row.node)
            told[row.key, index] = await _difference(reading, base, other)
    return with_definitions(found, told)


async def read_steps(reading: Reading, runs: Sequence[Run], model: str) -> list[DefinitionStep]:
    """From run to run, how the model's definition differs; a run that did not record one is left out.

    Raises StoreError.
    """
    read = [(run.id, await read_definition(reading, run, model)) for run in runs]
    known = [
        definition for run_id, definition in read if definition.run_id == run_id and _texts(definition, definition)
    ]
    return [await _step(reading, before, after) for before, after in pairwise(known)]


async def _step(reading: Reading, before: Definition, after: Definition) -> DefinitionStep:
    texts = _texts(before, after)
    if texts is None:
        return DefinitionStep(before.run_id, after.run_id, "changed")
    difference = await _difference(reading, before, after)
    lines = await asyncio.to_thread(_diff, *texts)
    return DefinitionStep(before.run_id, after.run_id, difference, lines)


async def _difference(reading: Reading, before: Definition, after: Definition) -> SqlDifference:
    """What is not known to be formatting is a change."""
    texts = _texts(before, after)
    if texts is None or before.language != after.language or after.language == "csv":
        return "changed"
    if texts[0] == texts[1]:
        return "same"
    if after.language == "python":
        return await asyncio.to_thread(python_difference, *texts)
    pairs = sql_pairs(*texts, after.dialect)
    if pairs is None:
        return "changed"
    try:
        found = {await reading.sql.difference(*pair, after.dialect) for pair in pairs}
    except SqlProblem:
        return "changed"
    return "changed" if "changed" in found else "formatting"


def _texts(before: Definition, after: Definition) -> tuple[str, str] | None:
    """What people wrote; where that is not known, what it was compiled to."""
    for pair in ((before.source, after.source), (before.compiled, after.compiled)):
        if pair[0] is not None and pair[1] is not None:
            return pair[0], pair[1]
    return None


def _diff(before: str, after: str) -> tuple[str, ...]:
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="")
    return tuple(lines)[2:]

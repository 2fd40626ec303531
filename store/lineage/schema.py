"""The columns of a model, and what became of them since the previous run."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from store.lineage.columns import ModelColumns, RunColumns, has_query
from store.lineage.graph import Lineage, lineage_of
from store.lineage.reading import Reading
from store.models import Run

ColumnChange = Literal["added", "removed", "retyped"]
_TYPES_THROUGH = 100
"""Through how many models types are followed at most: each takes tens of milliseconds the first time."""


@dataclass(frozen=True, slots=True)
class SchemaColumn:
    """A column. `inferred`: its type (or that it exists) follows from the query; nobody has declared it.

    `former_type` is the type before, of a column that was retyped.
    """

    name: str
    type: str | None = None
    description: str | None = None
    inferred: bool = False
    change: ColumnChange | None = None
    former_type: str | None = None


@dataclass(frozen=True, slots=True)
class Schema:
    """The columns, in the query's order where that is known; removed ones last.

    `against` is the run that they are compared with: None where there is none, or none whose columns are known as
    well. `note` says what is not known, and why.
    """

    node: str
    columns: tuple[SchemaColumn, ...] = ()
    against: int | None = None
    note: str = ""


async def read_schema(reading: Reading, run: Run, lineage: Lineage, node: str) -> Schema:
    """The model's columns as of this run, against the previous run of the same job. Raises StoreError."""
    now = await _columns_of(reading, run, lineage, node)
    previous = await reading.reader.comparable_run(run)
    before = None if previous is None else await _columns_before(reading, previous, node)
    comparable = before is not None and before.are_whole and now.are_whole
    return Schema(
        node=node,
        columns=_compared(now, before if comparable else None),
        against=previous if comparable else None,
        note=_note(now),
    )


async def _columns_before(reading: Reading, run_id: int, node: str) -> ModelColumns | None:
    run = await reading.reader.run(run_id)
    lineage = lineage_of(await reading.reader.graph(run_id), await reading.reader.models(run_id))
    return await _columns_of(reading, run, lineage, node) if node in lineage.nodes else None


async def _columns_of(reading: Reading, run: Run, lineage: Lineage, node: str) -> ModelColumns:
    above = sum(has_query(lineage.nodes[each]) for each in lineage.ancestry([node]) if each != node)
    return await RunColumns(reading, run, lineage, with_types=above <= _TYPES_THROUGH).of(node)


def _compared(now: ModelColumns, before: ModelColumns | None) -> tuple[SchemaColumn, ...]:
    told = {column.name.casefold(): column for column in now.told}
    former = {} if before is None else {name.casefold(): (name, kind) for name, kind in before.types().items()}
    listed = []
    for name, kind in now.types().items():
        declared = told.get(name.casefold())
        change, former_type = _change(name, kind, former) if before is not None else (None, None)
        listed.append(
            SchemaColumn(
                name=name,
                type=kind,
                description=declared.description if declared else None,
                inferred=declared is None or declared.type is None,
                change=change,
                former_type=former_type,
            )
        )
    present = {name.casefold() for name in now.types()}
    removed = [
        SchemaColumn(name=name, type=kind, change="removed")
        for key, (name, kind) in former.items()
        if key not in present
    ]
    return (*listed, *removed)


def _change(
    name: str, kind: str | None, former: Mapping[str, tuple[str, str | None]]
) -> tuple[ColumnChange | None, str | None]:
    if name.casefold() not in former:
        return "added", None
    _, before = former[name.casefold()]
    # A type that is not known on one side says nothing of a change.
    if kind is None or before is None or kind.casefold() == before.casefold():
        return None, None
    return "retyped", before


def _note(columns: ModelColumns) -> str:
    if columns.are_whole:
        return ""
    if columns.query is not None:
        return "Not all columns follow from its SQL: what it reads is not documented column by column."
    why = columns.problem or "Its query is not known."
    return f"{why} Only documented columns are shown." if columns.told else why

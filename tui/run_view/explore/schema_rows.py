"""The columns of a model, and where one of them comes from and goes to, as rows of tables."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rich.text import Text

from store import wording
from store.lineage.column_lineage import ColumnStep, ColumnTrace, UsedIn
from store.lineage.schema import Schema, SchemaColumn
from store.lineage.sql_uses import WAYS, Way
from store.text import one_line
from store.wording import counted
from tui import formats

_MOST_NAMES = 3
_WAYS = {"group": "group by", "order": "order by"}
_MARKS = {
    "added": ("+ added", formats.GOOD),
    "removed": ("- removed", formats.BAD),
    "retyped": ("~ retyped", formats.WARNING),
}


@dataclass(frozen=True, slots=True)
class TraceRow:
    """A column of another model that this one is made of, or that is made of it; or the heading above these.

    Or a model that needs the column for something else than a column of its own.
    """

    side: Literal["source", "user", "use"]
    step: ColumnStep | UsedIn | None = None
    heading: str = ""

    @property
    def key(self) -> str:
        """The same column may be at both sides of a circle."""
        column = self.step.column if isinstance(self.step, ColumnStep) else ""
        return f"{self.side}\n{self.step.node}\n{column}" if self.step else f"{self.side}\n"


def schema_note(schema: Schema) -> Text:
    """What is not known, and what the columns are compared with."""
    parts = [counted(len([each for each in schema.columns if each.change != "removed"]), "column")]
    if schema.against is not None:
        changed = [each for each in schema.columns if each.change]
        parts.append(f"{counted(len(changed), 'change')} against #{schema.against}" if changed else
                     f"the same as in #{schema.against}")  # fmt: skip
    if any(each.inferred and each.type for each in schema.columns):
        parts.append("* as follows from the SQL")
    return Text("   ".join([*parts, schema.note] if schema.note else parts), formats.MUTED)


def column_cells(column: SchemaColumn) -> dict[str, Text]:
    """What the table shows of a column."""
    mark, style = _MARKS.get(column.change or "", ("", ""))
    kind = Text(one_line(column.type or wording.NOTHING))
    if column.inferred and column.type:
        kind.append(" *", formats.MUTED)
    if column.former_type:
        kind.append(f" ← {one_line(column.former_type)}", formats.WARNING)
    return {
        "change": Text(mark, style),
        "name": Text(one_line(column.name), "strike" if column.change == "removed" else ""),
        "type": kind,
        "description": Text(one_line(column.description or ""), formats.MUTED),
    }


def trace_rows(trace: ColumnTrace) -> list[TraceRow]:
    """The users first: they break; then the sources."""
    users, sources = trace.users, trace.sources
    nobody = "no column is made of it" if trace.used_in else "used by no other column"
    rows = [TraceRow("user", heading=f"used by {counted(len(users), 'column')}" if users else nobody)]
    rows += [TraceRow("user", step) for step in users]
    if trace.used_in:
        rows.append(TraceRow("use", heading=f"also used in {counted(len(trace.used_in), 'model')}"))
    rows += [TraceRow("use", each) for each in trace.used_in]
    said = f"made of {counted(len(sources), 'column')}" if sources else "made of no other column"
    rows.append(TraceRow("source", heading=said))
    return rows + [TraceRow("source", step) for step in sources]


def ways_text(ways: Sequence[Way]) -> str:
    """`join, filter or group by`."""
    said = [_WAYS.get(way, way) for way in ways]
    return " or ".join(part for part in (", ".join(said[:-1]), *said[-1:]) if part)


def trace_note(trace: ColumnTrace, description: str | None = None) -> Text:
    """The column with its description, what needs it beside columns, and behind which models nothing is known."""
    text = Text().append(one_line(trace.column), "bold")
    if description:
        text.append(f"   {one_line(description)}")
    if trace.used_in:
        text.append(f"   {_used_sentence(trace.used_in)}", formats.MUTED)
    if trace.unread:
        text.append(f"   not known behind {one_line(', '.join(trace.unread))}", formats.WARNING)
    return text


def _used_sentence(uses: Sequence[UsedIn]) -> str:
    """`also used to join or filter in marts.carrier_daily`."""
    ways = ways_text(tuple(way for way in WAYS if any(way in each.ways for each in uses)))
    names = [one_line(each.name) for each in uses[:_MOST_NAMES]]
    more = len(uses) - _MOST_NAMES
    return f"also used to {ways} in {', '.join(names)}" + (f" and {more:,} more" if more > 0 else "")


def trace_cells(row: TraceRow) -> dict[str, Text]:
    """What the table shows of a step."""
    if row.step is None:
        return {"column": Text(row.heading, "bold")}
    said = ways_text(row.step.ways) if isinstance(row.step, UsedIn) else row.step.column
    return {
        "distance": Text(f"{row.step.distance:,}"),
        "column": Text(f"  {one_line(said)}"),
        "model": Text(one_line(row.step.name or row.step.node)),
    }

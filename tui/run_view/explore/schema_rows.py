"""The columns of a model, and where one of them comes from and goes to, as rows of tables."""

from dataclasses import dataclass
from typing import Literal

from rich.text import Text

from store import wording
from store.lineage.column_lineage import ColumnStep, ColumnTrace
from store.lineage.schema import Schema, SchemaColumn
from store.text import one_line
from store.wording import counted
from tui import formats

_MARKS = {
    "added": ("+ added", formats.GOOD),
    "removed": ("- removed", formats.BAD),
    "retyped": ("~ retyped", formats.WARNING),
}


@dataclass(frozen=True, slots=True)
class TraceRow:
    """A column of another model that this one is made of, or that is made of it; or the heading above these."""

    side: Literal["source", "user"]
    step: ColumnStep | None = None
    heading: str = ""

    @property
    def key(self) -> str:
        """The same column may be at both sides of a circle."""
        return f"{self.side}\n{self.step.node}\n{self.step.column}" if self.step else f"{self.side}\n"


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
    rows = [
        TraceRow("user", heading=f"used by {counted(len(users), 'column')}" if users else "used by no other column")
    ]
    rows += [TraceRow("user", step) for step in users]
    said = f"made of {counted(len(sources), 'column')}" if sources else "made of no other column"
    rows.append(TraceRow("source", heading=said))
    return rows + [TraceRow("source", step) for step in sources]


def trace_note(trace: ColumnTrace) -> Text:
    """Which column it is, and behind which models nothing is known."""
    text = Text().append(one_line(trace.column), "bold")
    if trace.unread:
        text.append(f"   not known behind {one_line(', '.join(trace.unread))}", formats.WARNING)
    return text


def trace_cells(row: TraceRow) -> dict[str, Text]:
    """What the table shows of a step."""
    if row.step is None:
        return {"column": Text(row.heading, "bold")}
    return {
        "distance": Text(f"{row.step.distance:,}"),
        "column": Text(f"  {one_line(row.step.column)}"),
        "model": Text(one_line(row.step.name or row.step.node)),
    }

"""A model as plain text: what it is, how it fared, what it feeds, its columns, and what became of its definition."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from store.lineage.column_lineage import ColumnStep, ColumnTrace, UsedIn
from store.lineage.definition_changes import DefinitionChange
from store.lineage.impact import Relative
from store.lineage.model_facts import ModelFacts
from store.lineage.schema import SchemaColumn
from store.status import ModelStatus
from store.text import one_line, plain
from store.wording import NOTHING, count, counted, date_and_time, duration
from tui.command_line.output import table
from tui.formats import status_look
from tui.intervals import spans_text
from tui.run_view.explore.schema_rows import ways_text

_MOST_SPANS = 6
_MOST_NAMES = 12
_DIFFERENCES = {
    "same": "the same as in",
    "formatting": "only formatted otherwise than in",
    "changed": "changed since",
    "unknown": "cannot be compared with",
}


def model_lines(facts: ModelFacts) -> Iterator[str]:
    """All of it."""
    yield from _head(facts)
    yield from _section("Upstream", _relatives(facts.impact.upstream, facts.impact.upstream_counts))
    yield from _section("Downstream", _relatives(facts.impact.downstream, facts.impact.downstream_counts))
    yield from _section("Stale because of it", [", ".join(_names(facts.impact.stale))] if facts.impact.stale else [])
    yield from _section("Columns", _columns(facts))
    yield from _section("Intervals", list(_intervals(facts)))
    yield from _section("Definition", list(_definition(facts)))


def trace_lines(trace: ColumnTrace, name: str) -> Iterator[str]:
    """Where a column comes from, and who uses it."""
    yield f"{one_line(name)}.{one_line(trace.column)}" + (f"  {one_line(trace.type)}" if trace.type else "")
    yield from _section("Sources", _steps(trace.sources) or ["none: it is made of no column"])
    yield from _section("Users", _steps(trace.users) or ["none: no column is made of it"])
    yield from _section("Also used to", _uses(trace.used_in))
    if trace.unread:
        yield from _section("Not known", [f"what lies behind {', '.join(map(one_line, trace.unread))}"])


def _steps(steps: Sequence[ColumnStep]) -> list[str]:
    return [f"{each.distance:>3}  {one_line(each.name)}.{one_line(each.column)}" for each in steps]


def _uses(uses: Sequence[UsedIn]) -> list[str]:
    return [f"{each.distance:>3}  {ways_text(each.ways)} in {one_line(each.name)}" for each in uses]


def _head(facts: ModelFacts) -> Iterator[str]:
    node, execution, overview = facts.overview.node, facts.overview.execution, facts.overview
    look = status_look(execution.status) if execution else None
    where = f"#{facts.record.run.id} {facts.record.run.project}/{facts.record.run.environment}"
    yield f"{one_line(node.name)}  {f'{look.glyph} {look.word}' if look else 'not executed'} in {where}"
    took = duration(execution.duration_s) if execution else ""
    usual = f", usually {duration(overview.usual_s)}" if overview.usual_s and took else ""
    facts_known = (
        ("is", " ".join(dict.fromkeys(part for part in (node.materialized, node.kind) if part))),
        ("about", one_line(node.description or "")),
        ("took", f"{took}{usual}"),
        ("rows", count(execution.rows) if execution and execution.rows is not None else ""),
        ("error", plain(execution.error or "").replace("\n", "\n           ") if execution else ""),
        ("file", one_line(node.file or "")),
        ("relation", one_line(node.relation or "")),
        ("owner", one_line(node.owner or "")),
        ("tags", one_line(", ".join(node.tags))),
        ("next", f"{date_and_time(overview.next_at)} ({overview.schedule})" if overview.next_at else ""),
        ("lately", _lately(facts)),
    )
    yield from (f"  {label:<8} {text}" for label, text in facts_known if text)


def _lately(facts: ModelFacts) -> str:
    last = facts.overview.durations[-10:]
    return "  ".join(f"#{each.run_id} {status_look(each.status).glyph} {duration(each.duration_s)}" for each in last)


def _relatives(relatives: Sequence[Relative], counts: Mapping[ModelStatus | None, int]) -> list[str]:
    if not relatives:
        return []
    by_status = ", ".join(
        f"{number} {status.value if status else 'not executed'}"
        for status, number in sorted(Counter(counts).items(), key=lambda each: -each[1])
    )
    lines = [f"{counted(len(relatives), 'node')}: {by_status}" if by_status else counted(len(relatives), "node")]
    for each in relatives[:_MOST_NAMES]:
        look = status_look(each.status) if each.status else None
        kind = "" if each.kind == "model" else f"  {each.kind}"
        bad = f"  {counted(each.failed_audits, 'audit')} failed" if each.failed_audits else ""
        lines.append(f"{each.distance:>3}  {look.glyph if look else NOTHING} {one_line(each.name)}{kind}{bad}")
    more = len(relatives) - _MOST_NAMES
    return [*lines, f"     and {more} more"] if more > 0 else lines


def _names(relatives: Sequence[Relative]) -> list[str]:
    names = [one_line(each.name) for each in relatives[:_MOST_NAMES]]
    more = len(relatives) - _MOST_NAMES
    return [*names, f"and {more} more"] if more > 0 else names


def _columns(facts: ModelFacts) -> list[str]:
    rows = [_column_row(each) for each in facts.schema.columns]
    lines = table(("column", "type", "", "description"), rows) if rows else []
    return [*lines, *([facts.schema.note] if facts.schema.note else [])]


def _column_row(column: SchemaColumn) -> list[str]:
    kind = one_line(column.type or NOTHING) + (" (inferred)" if column.inferred and column.type else "")
    change = f"was {one_line(column.former_type)}" if column.former_type else column.change or ""
    return [one_line(column.name), kind, change, one_line(column.description or "")]


def _intervals(facts: ModelFacts) -> Iterator[str]:
    times = facts.times
    for label, spans in (
        ("processed", times.processed),
        ("loaded", times.loaded),
        ("missing", times.missing),
        ("half-written", times.interrupted),
    ):
        if spans:
            yield f"{label:<12} {spans_text(spans, _MOST_SPANS)}"


def _definition(facts: ModelFacts) -> Iterator[str]:
    told = facts.definition
    previous, good = told.previous, told.last_good
    if previous is not None:
        yield from _compared(previous, "the previous run")
    if good is not None and (previous is None or good.run_id != previous.run_id):
        same = previous is not None and _diff(previous) == _diff(good)
        yield from list(_compared(good, "the last run in which it went well"))[: 1 if same else None]
    if told.definition.note:
        yield told.definition.note
    yield from plain(told.definition.source or "").rstrip().splitlines()


def _compared(change: DefinitionChange, which: str) -> Iterator[str]:
    yield f"{_DIFFERENCES[change.kind]} {which}, #{change.run_id}"
    yield from (f"  {line}" for line in _diff(change))


def _diff(change: DefinitionChange) -> Sequence[str]:
    lines = change.source.lines or change.compiled.lines
    return [plain(line) for line in lines]


def _section(title: str, lines: Sequence[str]) -> Iterator[str]:
    if lines:
        yield ""
        yield title
        yield from (f"  {line}" for line in lines)

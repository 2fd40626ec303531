"""The lists of what feeds a model and what breaks with it, as rows of a table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rich.text import Text

from store.lineage.impact import Impact, Relative
from store.status import ModelStatus
from store.text import one_line
from store.wording import counted
from tui import formats
from tui.run_view.explore.nodes import NodeLook

_MARK = {True: "stale", False: ""}


@dataclass(frozen=True, slots=True)
class HeadingRow:
    """The heading of a list: what it is, and how its models ended."""

    name: str
    counts: tuple[tuple[ModelStatus | None, int], ...] = ()
    said: str = ""

    @property
    def key(self) -> str:
        """Cannot be a node's name: no tool gives a name with a line end."""
        return f"\n{self.name}"


@dataclass(frozen=True, slots=True)
class RelativeRow:
    """One node above or below."""

    relative: Relative
    look: NodeLook
    list_name: str

    @property
    def key(self) -> str:
        """A node may be in several lists."""
        return f"{self.relative.node}\n{self.list_name}"


Row = HeadingRow | RelativeRow


def rows_of(impact: Impact, looks: Mapping[str, NodeLook]) -> list[Row]:
    """What breaks with it first: that is what one asks; then what feeds it. `looks` has every node of the impact."""
    rows: list[Row] = []
    if impact.exposures:
        rows += _list("exposures", impact.exposures, looks, ())
    models = [each for each in impact.downstream if each not in impact.exposures]
    said = counted(len(impact.stale), "node") + " stale" if impact.stale else ""
    rows += _list("downstream", models, looks, _counts(impact.downstream_counts), said)
    rows += _list("upstream", impact.upstream, looks, _counts(impact.upstream_counts))
    return rows


def cells(row: Row) -> dict[str, Text]:
    """What each column shows of a row."""
    if isinstance(row, HeadingRow):
        return {"name": Text(row.name, "bold"), "status": _tally(row.counts), "note": Text(row.said, formats.WARNING)}
    relative = row.relative
    audits = f"{relative.failed_audits:,} of {counted(relative.audits, 'audit')} failed"
    note = Text(audits, formats.BAD) if relative.failed_audits else Text(_MARK[relative.stale], formats.WARNING)
    return {
        "distance": Text(f"{relative.distance:,}"),
        "name": Text(f"  {one_line(relative.name)}"),
        "status": Text(f"{row.look.glyph} {row.look.word}", row.look.style),
        "took": Text(row.look.took),
        "downstream": Text(f"{relative.downstream:,}" if relative.downstream else ""),
        "note": note,
    }


def _list(
    name: str,
    relatives: Sequence[Relative],
    looks: Mapping[str, NodeLook],
    counts: tuple[tuple[ModelStatus | None, int], ...],
    said: str = "",
) -> list[Row]:
    heading = f"{name} {len(relatives):,}" if relatives else f"nothing {name}"
    rows: list[Row] = [HeadingRow(heading, counts, said)]
    rows += [RelativeRow(each, looks[each.node], name) for each in relatives]
    return rows


def _counts(found: Mapping[ModelStatus | None, int]) -> tuple[tuple[ModelStatus | None, int], ...]:
    return tuple((status, found[status]) for status in ModelStatus if found.get(status))


def _tally(counts: Sequence[tuple[ModelStatus | None, int]]) -> Text:
    text = Text()
    for status, number in counts:
        if status is not None:
            look = formats.status_look(status)
            text.append("  " if text else "").append(f"{number:,} {look.glyph}", look.style)
    return text

"""The list of root causes: under each what it took down."""

from dataclasses import dataclass

from rich.text import Text

from store.lineage.causes import Casualty, RootCause, RunCauses
from store.text import one_line
from tui import formats

_SKIPPED = {"model": "↷ skipped", "audit": "↷ not executed", "exposure": "▲ stale exposure"}


@dataclass(frozen=True, slots=True)
class RootRow:
    """A root cause."""

    root: RootCause

    @property
    def key(self) -> str:
        """Its node's unique name."""
        return self.root.node

    @property
    def node(self) -> str | None:
        """Where it is in the graph."""
        return self.root.model


@dataclass(frozen=True, slots=True)
class FallenRow:
    """Something that a root cause took down."""

    root: RootCause
    casualty: Casualty

    @property
    def key(self) -> str:
        """The same may have fallen with several roots."""
        return f"{self.root.node}\n{self.casualty.node}"

    @property
    def node(self) -> str | None:
        """Where it is in the graph, which has no audits."""
        return self.root.model if self.casualty.kind == "audit" else self.casualty.node


Row = RootRow | FallenRow


def rows_of(causes: RunCauses) -> list[Row]:
    """The root that took down most first, and of what fell what most rests on."""
    rows: list[Row] = []
    for root in causes.roots:
        rows.append(RootRow(root))
        rows += [FallenRow(root, each) for each in root.took_down]
    return rows


def cells(row: Row) -> dict[str, Text]:
    """What each column shows of a row."""
    if isinstance(row, FallenRow):
        fallen = row.casualty
        return {
            "name": Text(f"    {one_line(fallen.name)}"),
            "status": Text(_SKIPPED[fallen.kind], formats.WARNING if fallen.kind == "exposure" else formats.MUTED),
            "downstream": Text(f"{fallen.downstream:,}" if fallen.downstream else ""),
        }
    root = row.root
    kind = "audit " if root.kind == "audit" else ""
    return {
        "name": Text(f"{kind}{one_line(root.name)}", "bold"),
        "status": Text(f"✗ {since_text(root)}", formats.BAD),
        "downstream": Text(f"{root.downstream:,}" if root.downstream else ""),
        "why": Text(one_line(root.why), formats.BAD),
    }


def since_text(root: RootCause) -> str:
    """The first run in which it fails: `since #18, 3×`, or `new in #18` when it went well just before."""
    since = root.since
    if since is None:
        return "failed"
    if since.runs <= 1:
        return f"{'since' if since.last_good is None else 'new in'} #{since.run_id}"
    return f"since #{since.run_id}, {since.runs:,}×"

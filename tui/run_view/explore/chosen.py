"""The line below the graph: which node is chosen, how it stands, and why. Below the causes: why, in full."""

from datetime import tzinfo

from rich.text import Text

from store.error_text import matter_lines
from store.lineage.causes import RootCause
from store.run_record import RunRecord
from store.text import one_line
from tui import formats
from tui.run_view.explore.cause_rows import RootRow, Row
from tui.run_view.explore.explored import Explored
from tui.run_view.explore.nodes import NodeLook


def chosen_line(look: NodeLook, record: RunRecord, explored: Explored, node: str) -> Text:
    """`✗ failed  fares  2.5s  Conversion Error: …`: all of it on one line, however long."""
    line = Text().append(f"{look.glyph} {look.word}", look.style).append(f"  {look.name}", "bold")
    if look.took:
        line.append(f"  {look.took}", formats.MUTED)
    if why := _why(record, explored, node):
        line.append(f"  {why}", formats.BAD if look.is_bad else formats.MUTED)
    return line


def cause_text(row: Row, zone: tzinfo | None) -> Text:
    """The whole error of the root cause, since which run it fails, and what of it the cursor is on."""
    root = row.root
    text = Text()
    if not isinstance(row, RootRow):
        text.append(f"{one_line(row.casualty.name)} ", "bold").append("is because of ", formats.MUTED)
    text.append(f"✗ {_named(root)}", formats.BAD)
    if root.since is not None:
        text.append(f"  {root.since.sentence(zone)}", formats.MUTED)
    return text.append(f"\n{_whole(root.error) or one_line(root.why)}")


def _why(record: RunRecord, explored: Explored, node: str) -> str:
    model = record.models.get(node)
    if model is not None and model.error:
        return _whole(model.error)
    audits = [root for root in explored.causes.roots if root.kind == "audit" and root.model == node]
    if audits:
        return ", ".join(f"{_named(root)}: {one_line(root.why)}" for root in audits)
    if model is not None and model.cause:
        return f"{one_line(record.name_of(model.cause))} did not succeed"
    return ""


def _named(root: RootCause) -> str:
    return f"{'audit ' if root.kind == 'audit' else ''}{one_line(root.name)}"


def _whole(error: str) -> str:
    # A caret says nothing where it does not stand below what it points at.
    return " ".join(line for line in matter_lines(error) if line.strip("^~ "))

"""The line that says how a search stands. Values in, text out."""

from dataclasses import dataclass, field
from typing import Literal

from rich.text import Text

from store import wording
from store.search.searching import Progress
from tui import formats
from tui.search.results import SearchResults

Stage = Literal["nothing", "searching", "stopped", "done"]


@dataclass(frozen=True, slots=True)
class SearchState:
    """How far a search is, and what could not be read."""

    stage: Stage = "nothing"
    progress: Progress = field(default_factory=lambda: Progress(0, 0, 0.0))
    unread: int = 0


def status_text(state: SearchState, results: SearchResults) -> Text:
    """`14 lines in 3 runs   searching 42%   12 runs, 34.5 MB`."""
    if state.stage == "nothing":
        return Text()
    progress = state.progress
    counts = f"{wording.counted(results.lines, 'line')} in {wording.counted(results.runs, 'run')}"
    parts = [Text(counts if results.lines else "no line", "bold" if results.lines else "")]
    if state.stage == "searching":
        parts.append(Text(f"searching {progress.part:.0%}, esc stops", formats.LIVE))
    elif state.stage == "stopped":
        parts.append(Text(f"stopped at {progress.part:.0%}", formats.WARNING))
    parts.append(Text(f"{wording.counted(progress.runs, 'run')}, {wording.byte_size(progress.bytes)} searched", "dim"))
    if results.is_cut:
        parts.append(Text("the list shows the first of them", formats.MUTED))
    if state.unread:
        parts.append(Text(f"{wording.counted(state.unread, 'log')} unreadable", formats.WARNING))
    return Text("   ").join(parts)

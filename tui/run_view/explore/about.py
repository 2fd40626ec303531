"""The line above the graph: which part of it is shown, and how large; and why there is none."""

from rich.text import Text

from store.lineage.causes import RootCause, RunCauses
from store.models import Run
from store.wording import counted
from tui import formats
from tui.run_view.explore.boxes import Zoom
from tui.run_view.explore.picture import Picture

_SIZES: dict[Zoom, str] = {"box": "boxes", "name": "names", "dot": "dots"}


def about_line(picture: Picture | None, total: int, scope: str | RootCause, causes: RunCauses) -> Text:
    """`12 of 1,000 models   2 levels around   boxes`, and in front why the run is red."""
    if picture is None:
        return Text()
    text = _scope_text(scope, causes)
    text.append("   " if text else "")
    part = picture.part
    if part.levels is None:
        text.append(f"all {counted(picture.shown, 'node')}", formats.MUTED)
    else:
        around = f"{picture.shown:,} of {counted(total, 'node')}, {counted(part.levels, 'level')} up and down"
        text.append(around, formats.MUTED)
    return text.append(f"   {_SIZES[part.zoom]}", formats.MUTED)


def _scope_text(scope: str | RootCause, causes: RunCauses) -> Text:
    if isinstance(scope, RootCause):
        fallen = scope.sentence()
        return Text().append(f"✗ {scope.name}", formats.BAD).append(f" → {fallen}" if fallen else " took down nothing")
    if scope == "failed":
        return Text().append("failed only", formats.WARNING)
    return Text().append(causes.sentence(), formats.BAD) if causes.roots else Text()


def why_empty(run: Run) -> str:
    """What stands in the graph's place while there is none."""
    if run.is_active:
        return "The lineage appears here once the tool has read the project."
    return "This run came to an end before it knew the project's models: there is no lineage to show."

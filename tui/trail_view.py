"""How what people did reads in a table: when, who, what, to which run, with which words."""

from datetime import datetime, tzinfo

from rich.text import Text

from store import wording
from store.text import one_line, plain, visible
from store.trail import TrailEntry, TrailFilter
from tui import formats
from tui.widgets.columns import Column

COLUMNS = (
    Column("at", "when", 12),
    Column("author", "who", 10),
    Column("action", "did", 13),
    Column("run", "run", 13, flex=1),
    Column("detail", "note", 12, flex=3, priority=1),
)


def trail_cells(entry: TrailEntry, now: datetime, zone: tzinfo | None) -> dict[str, Text]:
    """What the table says of an action, by column."""
    action = entry.action
    return {
        "at": Text(wording.short_time(action.at, now, zone), formats.MUTED),
        "author": Text(one_line(action.author or wording.NOTHING)),
        "action": Text(action_words(entry)),
        "run": run_text(entry),
        "detail": Text(one_line(action.detail or ""), formats.MUTED),
    }


def action_words(entry: TrailEntry) -> str:
    """`create_token` is said as `create token`."""
    return entry.action.action.replace("_", " ")


def run_text(entry: TrailEntry) -> Text:
    """`#12 nightly`; of a run that is deleted the number alone."""
    if entry.action.run_id is None:
        return Text(wording.NOTHING, formats.MUTED)
    number = f"#{entry.action.run_id}"
    if entry.run_name is None:
        return Text.assemble(number, (" deleted", formats.MUTED))
    return Text.assemble(number, f" {one_line(entry.run_name)}")


def entry_lines(entry: TrailEntry, zone: tzinfo | None) -> Text:
    """The chosen action in full, its note with all its lines."""
    action = entry.action
    head = Text.assemble(
        (wording.date_and_time(action.at, zone), formats.MUTED),
        f"  {one_line(action.author or 'somebody')}  ",
        (action_words(entry), "bold"),
        *((" ", run_text(entry)) if action.run_id is not None else ()),
    )
    note = [Text(visible(plain(line))) for line in (action.detail or "").splitlines()]
    return Text("\n").join([head, *note])


def subject(wanted: TrailFilter) -> str:
    """What the list is about."""
    where = "in the whole workspace" if wanted.run_id is None else f"to #{wanted.run_id}"
    return where + (f", with {' '.join(wanted.words)}" if wanted.words else "")


def why_empty(wanted: TrailFilter) -> tuple[str, str]:
    """What stands in the place of a list that is empty: why it is, and what would be there."""
    if wanted.words:
        return ("Nobody did anything like that.", "esc shows all")
    if wanted.run_id is not None:
        return (
            f"Nobody did anything to #{wanted.run_id} yet.",
            "A start by hand, a stop, a note, a new name would stand here; 0 shows the whole workspace",
        )
    return ("Nobody did anything here yet.", "Who starts, stops, renames or deletes a run is written down here")

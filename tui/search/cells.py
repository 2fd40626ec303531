"""How the rows of a search look. Values in, cells out."""

from datetime import datetime, tzinfo

from rich.text import Text

from store import wording
from store.logs.log_lines import LogLine, LogParser
from store.logs.matching import Matcher
from store.text import one_line
from tui import formats
from tui.search.results import GroupRow, LineRow, Row, RunRow
from tui.widgets.columns import Column

COLUMNS = (Column("text", "found in", 20, flex=1),)
"""One, so that lines have the whole width."""
_BEFORE_A_MATCH = 24
_LEVEL_STYLES = {"ERROR": formats.BAD, "WARN": formats.WARNING, "WARNING": formats.WARNING, "DEBUG": formats.MUTED}
_MATCH = "reverse"


def cells(row: Row, wanted: Matcher | None, now: datetime, zone: tzinfo | None) -> dict[str, Text]:
    """What each column shows of a row; the parts that match stand out."""
    match row:
        case RunRow(run, lines):
            title = Text().append(f"#{run.id} {one_line(run.name)}", "bold")
            title.append(f" · {one_line(run.project)}/{one_line(run.environment)}  ")
            title.append(f"{wording.counted(lines, 'line')}  ", "bold")
            title.append_text(formats.status_text(run.status))
            title.append(f"  {wording.relative_time(run.started_at or run.created_at, now)}", formats.MUTED)
            return {"text": title}
        case GroupRow():
            place = Text(f"  {one_line(row.step)}").append(f"  {one_line(row.model)}" if row.model else "")
            return {"text": place.append(f"  {wording.counted(row.lines, 'line')}", formats.MUTED)}
        case LineRow():
            return {"text": _line(row, wanted, zone)}


def _line(row: LineRow, wanted: Matcher | None, zone: tzinfo | None) -> Text:
    """Time, level and what is said; where the first match is far along the line, from shortly before it on."""
    line = LogParser().parse(row.line.content.decode("utf-8", "replace"))
    before, said, spans = _part_with_match(line, wanted, zone)
    cut = max(0, spans[0][0] - _BEFORE_A_MATCH) if spans and spans[0][0] > 2 * _BEFORE_A_MATCH else 0
    shown = Text(said[cut:])
    for start, end in spans:
        shown.stylize(_MATCH, start - cut, end - cut)
    return Text("    ").append_text(before).append("…" if cut else "").append_text(shown)


def _part_with_match(
    line: LogLine, wanted: Matcher | None, zone: tzinfo | None
) -> tuple[Text, str, list[tuple[int, int]]]:
    """What stands before the message, the message, its matches; where it has none, more of the line as the message.

    Its model stands above the line in the list: it is told again only where the match is in it.
    """
    time, level, said = Text(), Text(), one_line(line.text)
    node = f"[{one_line(line.node)}] " if line.node else ""
    if line.time is not None:
        time.append(f"{wording.time_of_day(datetime.fromisoformat(line.time), zone)} ", formats.MUTED)
        level.append(f"{line.level:<5} ", _LEVEL_STYLES.get(line.level, ""))
    head = time + level
    ways = ((head, said), (head, node + said), (time, level.plain + node + said), (Text(), one_line(line.raw)))
    for before, shown in ways:
        if wanted is not None and (spans := list(wanted.spans(shown))):
            return before, shown, spans
    return head, said, []

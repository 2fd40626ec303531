"""Draws the timeline: rows, axis, how much ran at once. Values in, text out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta, tzinfo
from typing import Literal

from rich.text import Text

from store import wording
from store.text import one_line
from tui import formats
from tui.run_view.timeline import Bar, Window, concurrency, idle_s, most_at_once, path_chain

Order = Literal["start", "slowest", "longest wait"]
ORDERS: tuple[Order, ...] = ("start", "slowest", "longest wait")
Grouping = Literal["flat", "thread"]
GROUPINGS: tuple[Grouping, ...] = ("flat", "thread")

CRITICAL = "◆"
_HEIGHTS = " ▁▂▃▄▅▆▇█"
_TICK_STEPS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 28800, 86400)
_LONG_LABEL, _SHORT_LABEL = len("╵13:02:11  "), len("╵13:02  ")


@dataclass(frozen=True, slots=True)
class ThreadRow:
    """The heading of a thread, with how long it was at work."""

    thread: str
    busy_s: float

    @property
    def key(self) -> str:
        """Cannot be a node's name: none has a line end."""
        return f"{self.thread}\n"


Row = Bar | ThreadRow


def arranged(bars: Sequence[Bar], order: Order, grouping: Grouping) -> list[Row]:
    """The rows of the timeline."""
    ordered = _sorted(bars, order)
    if grouping == "flat":
        return list(ordered)
    threads: dict[str, list[Bar]] = {}
    for bar in ordered:
        threads.setdefault(bar.thread or "no thread named", []).append(bar)
    rows: list[Row] = []
    for thread in sorted(threads, key=lambda name: (len(name), name)):
        rows.append(ThreadRow(thread, sum(bar.duration_s for bar in threads[thread])))
        rows += threads[thread]
    return rows


def cells(row: Row, window: Window, width: int) -> dict[str, Text]:
    """What each column shows of a row; `width` is that of the axis."""
    if isinstance(row, ThreadRow):
        name = Text(one_line(row.thread), "bold")
        return {"name": name, "duration": Text(wording.duration(row.busy_s), "bold")}
    return {
        "critical": Text(CRITICAL if row.critical else "", formats.WARNING),
        "name": _name(row),
        "duration": Text(wording.duration(row.duration_s)),
        "waited": Text(wording.duration(row.waited_s) if row.waited_s >= 0.05 else "", formats.MUTED),
        "axis": bar_text(row, window, width),
    }


def _name(bar: Bar) -> Text:
    """With the glyph of its status in front: the colour of the bar alone tells nobody who sees none."""
    text = Text().append_text(formats.status_glyph(bar.status))
    return text.append(f" {one_line(bar.name)}", "" if bar.kind == "model" else formats.MUTED)


def bar_text(bar: Bar, window: Window, width: int) -> Text:
    """The bar on the axis, to half a cell; dots where it waited for its turn. Audits are drawn thin."""
    first, last = (_halves(window.place(moment, width), width) for moment in (bar.started_at, bar.ended_at))
    ready = _halves(window.place(bar.ready_at, width), width) // 2
    if bar.ended_at < window.start or bar.started_at > window.end:
        return Text(" " * width)
    first = min(first, 2 * width - 1)
    last = max(last, first + 1)
    begin, end = first // 2, (last + 1) // 2
    text = Text(" " * min(ready, begin))
    text.append("·" * (begin - min(ready, begin)), formats.MUTED)
    text.append(_body(bar, first, last), _bar_style(bar))
    return text.append(" " * (width - end))


def axis_line(window: Window, width: int, zone: tzinfo | None) -> Text:
    """The times along the axis, at round moments."""
    step = _tick_step(window, width)
    line = [" "] * width
    moment = window.start.astimezone(zone).replace(minute=0, second=0, microsecond=0)
    moment += step * -(-(window.start - moment) // step)
    while moment <= window.end:
        place = int(window.place(moment, width))
        label = f"╵{moment:%H:%M:%S}" if step < timedelta(minutes=1) else f"╵{moment:%H:%M}"
        if place + len(label) <= width:
            line[place : place + len(label)] = label
        moment += step
    return Text("".join(line), formats.MUTED)


def concurrency_line(bars: Sequence[Bar], window: Window, width: int) -> Text:
    """How many executions went on at once, as heights; full height is the most that ever did."""
    most = max(1, most_at_once(bars))
    levels = (round(value / most * (len(_HEIGHTS) - 1)) for value in concurrency(bars, window, width))
    return Text("".join(_HEIGHTS[min(level, len(_HEIGHTS) - 1)] for level in levels), formats.LIVE)


def summary_line(bars: Sequence[Bar], whole: Window) -> Text:
    """The figures: what decided the length of the run, how much ran at once, how long nothing did."""
    chain = path_chain(bars)
    work = sum(bar.duration_s for bar in bars)
    length = whole.length.total_seconds()
    text = Text().append(f"{CRITICAL} critical path ", formats.WARNING)
    text.append(f"{wording.duration(sum(bar.duration_s for bar in chain))}, {len(chain)} of {len(bars)}")
    text.append(f"   at once {work / length:.1f} on average, {most_at_once(bars)} at most" if length else "")
    idle = idle_s(bars, whole)
    return text.append(f"   idle {wording.duration(idle)}") if idle >= 1 else text


def _sorted(bars: Sequence[Bar], order: Order) -> list[Bar]:
    match order:
        case "start":
            return sorted(bars, key=lambda bar: (bar.started_at, bar.name))
        case "slowest":
            return sorted(bars, key=lambda bar: (-bar.duration_s, bar.name))
        case "longest wait":
            return sorted(bars, key=lambda bar: (-bar.waited_s, bar.name))


def _halves(place: float, width: int) -> int:
    return min(max(0, round(place * 2)), 2 * width)


def _body(bar: Bar, first: int, last: int) -> str:
    begin, end = first // 2, (last + 1) // 2
    if bar.kind == "audit":
        return "━" * (end - begin)
    if end - begin == 1:
        return "█" if last - first == 2 else "▐" if first % 2 else "▌"
    left, right = "▐" if first % 2 else "█", "▌" if last % 2 else "█"
    return left + "█" * (end - begin - 2) + right


def _bar_style(bar: Bar) -> str:
    style = formats.status_look(bar.status).style
    return f"bold {style}" if bar.critical else style


def _tick_step(window: Window, width: int) -> timedelta:
    """The shortest of the round steps whose labels do not touch each other."""
    cells_a_second = width / window.length.total_seconds()
    fitting = (step for step in _TICK_STEPS_S if step * cells_a_second > (_LONG_LABEL if step < 60 else _SHORT_LABEL))
    return timedelta(seconds=next(fitting, _TICK_STEPS_S[-1]))

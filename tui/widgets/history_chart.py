"""Two weeks of runs and plans: a plot where there is room, one line where there is not; a day of it can be opened."""

import asyncio
from importlib import import_module
from typing import Any, ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import Static

from store import wording
from store.status import BAD
from tui import formats, keymap
from tui.run_history import History, HistoryBar, HistoryDay

_HEIGHTS = "▁▂▃▄▅▆▇█"
_PLAN_STYLE = "blue"
_PLOT_COLOURS = {formats.LIVE: "cyan", formats.GOOD: "green", formats.WARNING: "orange", formats.BAD: "red"}
_BAR_WIDTH = 0.6
_STACKED_AT_MOST = 8


_UNREAD = ("…", formats.MUTED)


class HistoryChart(Vertical, can_focus=True):
    """Shows a `History`. `h` and `l` choose a day, `enter` tells with `Opened` which run of it to go to."""

    BINDINGS: ClassVar[list[BindingType]] = keymap.bindings("chart")

    class Opened(Message):
        """The last run of the chosen day is wanted."""

        def __init__(self, run_id: int) -> None:
            super().__init__()
            self.run_id = run_id

    tall: reactive[bool] = reactive(False, init=False)
    """Whether there is room for the plot."""

    def __init__(self) -> None:
        super().__init__(id="history-chart")
        self._history = History(())
        self._chosen: int | None = None
        self._plot: Any = None

    def compose(self) -> ComposeResult:
        """The line; the plot comes above it when it is wanted for the first time."""
        yield Static(id="history-line")

    def show(self, history: History) -> None:
        """Shows these two weeks."""
        if history != self._history:
            self._history = history
            self._draw()

    async def watch_tall(self, tall: bool) -> None:
        """Loads the plotting library beside the event loop, once it is needed."""
        if tall and self._plot is None:
            library = await asyncio.to_thread(import_module, "textual_plotext")
            self._plot = library.PlotextPlot(id="history-plot")
            await self.mount(self._plot, before=0)
        self.set_class(tall, "-tall")
        self._draw()

    def on_focus(self) -> None:
        """The last day is the first to be asked about."""
        if self._chosen is None:
            self._chosen = len(self._history.days) - 1
        self._draw()

    def on_blur(self) -> None:
        """Nothing is chosen while the cursor is elsewhere."""
        self._chosen = None
        self._draw()

    def action_choose_day(self, steps: int) -> None:
        """Goes on to another day."""
        last = len(self._history.days) - 1
        self._chosen = min(max(0, (last if self._chosen is None else self._chosen) + steps), last)
        self._draw()

    def action_open_day(self) -> None:
        """Asks for the last run of the chosen day."""
        day = self._history.days[self._chosen] if self._chosen is not None else None
        if day is not None and day.bars:
            self.post_message(self.Opened(day.bars[-1].run_id))

    def _draw(self) -> None:
        self.query_one("#history-line", Static).update(
            history_line(self._history, self._chosen, with_heights=not self.tall), layout=False
        )
        if self.tall and self._plot is not None:
            _plot(self._plot.plt, self._history, self._chosen)
            self._plot.refresh()


def history_line(history: History, chosen: int | None, with_heights: bool) -> Text:
    """The days as one cell each, where wanted, and what there is to say of the chosen day or of them all."""
    text = Text(no_wrap=True)
    longest = max((day.seconds for day in history.days), default=0.0)
    for number, day in enumerate(history.days if with_heights else ()):
        text.append(*(_UNREAD if number < history.unread else _cell(day, longest)))
        if number == chosen:
            text.stylize("reverse", len(text) - 1)
    text.append("  " if text else "")
    if chosen is None:
        return text.append_text(_about(history))
    return text.append_text(_about_day(history.days[chosen], is_read=chosen >= history.unread))


def _cell(day: HistoryDay, longest: float) -> tuple[str, str]:
    status = day.worst
    if status is None:
        return "·", formats.MUTED
    look = formats.status_look(status)
    # A failure must be seen without colours too.
    glyph = look.glyph if status in BAD else _HEIGHTS[round(day.seconds / longest * 7) if longest else 0]
    return glyph, look.style


def _about(history: History) -> Text:
    bar = history.longest
    if bar is None:
        return Text("no runs in 14 days", formats.MUTED)
    runs = sum(len(day.bars) for day in history.days)
    more = "" if history.complete else "the last "
    return Text(
        f"{more}{wording.counted(runs, 'run')} in 14 days, longest {wording.duration(bar.seconds)}", formats.MUTED
    )


def _about_day(day: HistoryDay, is_read: bool) -> Text:
    text = Text(f"{day.date:%a %d %b}  ", "bold")
    if not is_read:
        return text.append("not shown: more runs than fit", "not bold dim")
    if not day.bars:
        return text.append("no runs", "not bold dim")
    text.append(f"{wording.counted(len(day.bars), 'run')}, {wording.duration(day.seconds)}", "not bold")
    failed = sum(bar.status in BAD for bar in day.bars)
    if failed:
        text.append(f", {failed} ✗", f"not bold {formats.BAD}")
    return text.append("   enter opens the last", "not bold dim")


def _plot(plot: Any, history: History, chosen: int | None) -> None:
    """Draws every day as a stack of its runs, the first one at the bottom."""
    plot.clear_figure()
    for number, day in enumerate(history.days):
        height = 0.0
        for place, bar in enumerate(_told_apart(day)):
            sides = [number - _BAR_WIDTH / 2, number + _BAR_WIDTH / 2]
            ends = [height, height + bar.seconds]
            plot.rectangle(sides, ends, fill=True, marker="sd", color=_colour(bar, place))
            height += bar.seconds
    top = max((day.seconds for day in history.days), default=0.0) or 1.0
    plot.xlim(-0.6, len(history.days) - 0.4)
    plot.ylim(0, top)
    plot.yticks([0, top / 2, top], [f"{wording.duration(value):>7}" for value in (0, top / 2, top)])
    plot.xticks(range(len(history.days)), [_tick(day, number == chosen) for number, day in enumerate(history.days)])
    plot.xaxes(True, False)
    plot.yaxes(True, False)


def _told_apart(day: HistoryDay) -> list[HistoryBar]:
    """The runs of a day, the shortest of very many as one: a plot of ten lines shows no more."""
    if len(day.bars) <= _STACKED_AT_MOST:
        return list(day.bars)
    by_length = sorted(day.bars, key=lambda bar: bar.seconds, reverse=True)
    kept, rest = by_length[: _STACKED_AT_MOST - 1], by_length[_STACKED_AT_MOST - 1 :]
    together = HistoryBar(rest[0].run_id, rest[0].kind, rest[0].status, sum(bar.seconds for bar in rest))
    return [together, *sorted(kept, key=lambda bar: bar.run_id)]


def _colour(bar: HistoryBar, place: int) -> str:
    """A plan in its own colour, a run in that of its status; neighbours in a stack in different shades of it."""
    style = _PLAN_STYLE if bar.kind == "plan" else formats.status_look(bar.status).style.removeprefix("bold ")
    return _PLOT_COLOURS.get(style, style if style in ("blue", "magenta") else "gray") + ("+" if place % 2 else "")


def _tick(day: HistoryDay, chosen: bool) -> str:
    failed = any(bar.status in BAD for bar in day.bars)
    text = f"{day.date:%d}" + ("✗" if failed else "")  # seen without colours too
    return f"[{text}]" if chosen else text

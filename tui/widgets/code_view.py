"""A read-only view of code and other texts of any size."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from textwrap import wrap
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual import events
from textual.binding import BindingType
from textual.cache import LRUCache
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip
from textual.worker import Worker

from store.logs.log_file import FileUnreadable
from store.logs.matching import Matcher, matcher
from store.wording import counted
from tui import keymap
from tui.code_pages import PAGE_LINES, CodePages, TextPages, matching_lines, open_pages
from tui.text import plain
from tui.widgets.line_view import LineView

_PAGES_KEPT = 16
_PLACEHOLDER = Text("·", "dim", end="")
_GAP = 2
"""Cells between a line's number and its text."""


class CodeView(LineView):
    """Shows a text with line numbers, highlighted by its language, with one line marked if wanted.

    Files are read and coloured beside the event loop; of a large one only the pages in view are. `empty` is what
    the view says while there is nothing to show.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        *keymap.bindings("lists"),
        *(keymap.BY_ID[key].binding() for key in ("log.search", "log.next", "log.previous")),
    ]

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "code-view--empty",
        "code-view--number",
        "code-view--mark",
        "code-view--match",
    }

    DEFAULT_CSS = """
    CodeView {
        height: 1fr;
        overflow: auto;
        scrollbar-size-vertical: 1;
    }
    CodeView > .code-view--empty { color: $text-muted; }
    CodeView > .code-view--number { color: $text-muted; }
    CodeView > .code-view--mark { background: $error 30%; }
    CodeView > .code-view--match { background: $warning; color: $background; }
    """

    class Changed(Message):
        """What `summary` says has changed."""

        def __init__(self, code_view: "CodeView") -> None:
            super().__init__()
            self.code_view = code_view

        @property
        def control(self) -> "CodeView":
            """The view that has changed."""
            return self.code_view

    def __init__(
        self, *, empty: str = "", name: str | None = None, id: str | None = None, classes: str | None = None
    ) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self._empty = empty
        self._trouble = ""
        self._open: Callable[[], CodePages] | None = None
        self._pages: CodePages | None = None
        self._texts: LRUCache[int, Sequence[Text]] = LRUCache(_PAGES_KEPT)
        self._mark: int | None = None
        self._wanted: Matcher | None = None
        self._matches: list[int] = []
        self._searched_pages = 0
        self._match: int | None = None
        self._reader: Worker[None] | None = None

    # What owners use

    @property
    def line_count(self) -> int:
        """How many lines there are; 0 until they have been read."""
        return 0 if self._pages is None else self._pages.line_count

    @property
    def summary(self) -> str:
        """In a line, what is shown and how the search stands."""
        if self._pages is None:
            return ""
        parts = [counted(self.line_count, "line")]
        if self._pages.reindented:
            parts.append("indented for reading")
        if self._wanted is not None:
            parts.append(f"{counted(len(self._matches), 'line')} with /{plain(self._wanted.pattern)}")
        return "   ".join(parts)

    def show_file(self, path: Path, *, language: str | None = None, mark: int | None = None) -> None:
        """Show a file, in the language of its name unless given, with the line `mark` (from 1) in view and marked."""
        self._show(lambda: open_pages(path, language), mark)

    def show_text(self, text: str, *, language: str | None = None, mark: int | None = None) -> None:
        """Show a text, with the line `mark` (from 1) in view and marked. `language` is a name that pygments knows."""
        self._show(lambda: TextPages(text, language), mark)

    def clear(self, empty: str | None = None) -> None:
        """Show nothing but what would be here."""
        self._empty = self._empty if empty is None else empty
        self._show(None, None)

    def mark_line(self, number: int | None) -> None:
        """Mark a line, from 1, and bring it into view; None marks none."""
        self._mark = number
        if number is not None and self._pages is not None:
            self._bring_into_view(number - 1)
        self.refresh()

    def search(self, pattern: str, regex: bool = False) -> None:
        """Go to the first line from the top of the view on that matches, and mark and count all that do.

        A pattern without capital letters matches them too; an empty one forgets the search. Raises BadPattern.
        """
        self._wanted = matcher(pattern, regex=regex) if pattern else None
        self._matches, self._searched_pages, self._match = [], 0, None
        self.refresh()
        self._update()
        self.post_message(self.Changed(self))

    def next_match(self) -> None:
        """Go to the next line that matches; after the last one to the first."""
        here = round(self.scroll_y) - 1 if self._match is None else self._match
        behind = [line for line in self._matches if line > here]
        self._show_match([*behind, *self._matches])

    def previous_match(self) -> None:
        """Go to the line before that matches; before the first one to the last."""
        here = round(self.scroll_y) if self._match is None else self._match
        before = [line for line in self._matches if line < here]
        self._show_match([*before[-1:], *self._matches[-1:]])

    # Keys

    def action_scroll_top(self) -> None:
        """Go to the start of the text."""
        self.scroll_to(y=0, animate=False)

    def action_scroll_bottom(self) -> None:
        """Go to the end of the text."""
        self.scroll_to(y=self.max_scroll_y, animate=False)

    def _move(self, lines: int) -> None:
        self.scroll_to(y=round(self.scroll_y) + lines, animate=False)

    # Reading

    @property
    def _height(self) -> int:
        return self.scrollable_content_region.height

    def _show(self, open_it: Callable[[], CodePages] | None, mark: int | None) -> None:
        self._let_go()
        self._open, self._mark, self._trouble = open_it, mark, ""
        self._wanted, self._matches, self._match = None, [], None
        self._texts.clear()
        self.virtual_size = Size(0, 0)
        self.scroll_to(0, 0, animate=False, force=True)
        self.refresh()
        self._update()
        self.post_message(self.Changed(self))

    def _let_go(self) -> None:
        if self._reader is not None:
            self._reader.cancel()
        if self._pages is not None:
            self._pages.close()
        self._reader = self._pages = None

    def _update(self) -> None:
        """Read what is wanted now."""
        idle = self._reader is None or self._reader.is_finished
        if idle and self.is_running and self._next_read() is not None:
            self._reader = self.run_worker(self._read, name="code", exit_on_error=True)

    async def _read(self) -> None:
        try:
            while (read := self._next_read()) is not None:
                await read()
        except FileUnreadable as error:
            self._open, self._trouble = None, str(error)
            self.refresh()

    def _next_read(self) -> Callable[[], Coroutine[None, None, None]] | None:
        if self._open is not None:
            return self._open_pages
        if self._pages is None:
            return None
        if self._missing_page() is not None:
            return self._read_page
        page_count = -(-self._pages.line_count // PAGE_LINES)
        return self._search_page if self._wanted is not None and self._searched_pages < page_count else None

    def _missing_page(self) -> int | None:
        top = round(self.scroll_y)
        last = min(top + self._height, self.line_count) - 1
        pages = range(top // PAGE_LINES, last // PAGE_LINES + 1)
        return next((page for page in pages if page not in self._texts), None)

    async def _open_pages(self) -> None:
        assert self._open is not None
        open_it, self._open = self._open, None
        self._pages = await asyncio.to_thread(open_it)
        self.virtual_size = Size(self._gutter, self.line_count)
        if self._mark is not None:
            self.call_after_refresh(self._bring_into_view, self._mark - 1)
        self.refresh()
        self.post_message(self.Changed(self))

    async def _read_page(self) -> None:
        assert self._pages is not None
        page = self._missing_page()
        assert page is not None
        texts = await asyncio.to_thread(self._pages.texts, page)
        self._texts[page] = texts
        widest = self._gutter + max((text.cell_len for text in texts), default=0)
        self.virtual_size = Size(max(self.virtual_size.width, widest), self.line_count)
        self.refresh()

    async def _search_page(self) -> None:
        assert self._pages is not None
        assert self._wanted is not None
        wanted, page = self._wanted, self._searched_pages
        found = await asyncio.to_thread(matching_lines, self._pages, page, wanted)
        if wanted is not self._wanted or page != self._searched_pages:
            return
        self._searched_pages += 1
        self._matches += found
        here = round(self.scroll_y)
        if self._match is None and self._matches and (self._matches[-1] >= here or self._next_read() is None):
            self.next_match()
        if found or self._next_read() is None:
            self.post_message(self.Changed(self))

    def _show_match(self, candidates: Sequence[int]) -> None:
        if candidates:
            self._match = candidates[0]
            self._bring_into_view(self._match)
            self.refresh()

    def _bring_into_view(self, line: int) -> None:
        """Leave the view as it is when the line is in it, else put the line into its upper third."""
        top = round(self.scroll_y)
        if not top <= line < top + self._height:
            self.scroll_to(y=max(0, line - self._height // 3), animate=False, force=True)

    def on_mount(self) -> None:
        """Read what was to be shown before the view was on the screen."""
        super().on_mount()  # type: ignore[no-untyped-call]
        self._update()

    def on_unmount(self) -> None:
        """Let go of the file."""
        self._let_go()

    def on_resize(self, _: events.Resize) -> None:
        """Read what came into view."""
        self._update()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Read what came into view."""
        super().watch_scroll_y(old_value, new_value)
        self._update()

    # Drawing

    @property
    def _gutter(self) -> int:
        return len(str(self.line_count)) + _GAP

    def render_line(self, y: int) -> Strip:
        """Draw one line of the widget."""
        width = self.size.width
        if self._pages is None:
            return self._message_strip(y, width)
        number = y + round(self.scroll_y)
        if number >= self.line_count:
            return Strip.blank(width, self.rich_style)
        style = self.rich_style
        if number + 1 == self._mark:
            style += self.get_component_rich_style("code-view--mark", partial=True)
        gutter = Text(f"{number + 1:>{self._gutter - _GAP}}".ljust(self._gutter), self._component("number"), end="")
        code = Strip(self._rendered(self._line(number)))
        left = round(self.scroll_x)
        code = code.crop(left, left + max(0, width - self._gutter))
        line = Strip([*self._rendered(gutter), *code]).apply_style(style)
        return line.extend_cell_length(width, style)

    def _line(self, number: int) -> Text:
        page, place = divmod(number, PAGE_LINES)
        texts = self._texts.get(page)
        if texts is None or place >= len(texts):
            return _PLACEHOLDER
        text = texts[place]
        if self._wanted is not None:
            text = text.copy()
            for start, end in self._wanted.spans(text.plain):
                text.stylize(self._component("match"), start, end)
        return text

    def _message_strip(self, y: int, width: int) -> Strip:
        message = plain(self._trouble or ("" if self._open else self._empty))
        lines = [line for part in message.splitlines() for line in wrap(part, max(1, width)) or [""]]
        text = Text(lines[y] if y < len(lines) else "", self._component("empty"), end="")
        style = self.rich_style
        return Strip(self._rendered(text)).apply_style(style).crop(0, width).extend_cell_length(width, style)

    def _component(self, name: str) -> Style:
        return self.get_component_rich_style(f"code-view--{name}", partial=True)

    def _rendered(self, text: Text) -> list[Segment]:
        return list(text.render(self.app.console))

"""A view of lines that were laid out and coloured before, such as a plan's."""

from collections.abc import Sequence
from typing import ClassVar

from rich.style import Style
from rich.text import Text
from textual.binding import BindingType
from textual.geometry import Size
from textual.strip import Strip

from store.logs.matching import Matcher, matcher
from tui import keymap
from tui.widgets.line_view import LineView


class StyledLines(LineView):
    """Shows lines of text as they are, without wrapping; scrolls and searches, draws only what is in view."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *keymap.bindings("lists"),
        *(keymap.BY_ID[key].binding() for key in ("log.search", "log.next", "log.previous")),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {"styled-lines--match"}
    DEFAULT_CSS = """
    StyledLines { height: 1fr; overflow: auto; scrollbar-size-vertical: 1; scrollbar-size-horizontal: 1; }
    StyledLines > .styled-lines--match { background: $warning; color: $background; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._lines: Sequence[Text] = ()
        self._wanted: Matcher | None = None
        self._match: int | None = None

    def show(self, lines: Sequence[Text]) -> None:
        """Shows these lines; where the same ones are shown already, nothing moves."""
        if lines == self._lines:
            return
        self._lines, self._match = lines, None
        self.virtual_size = Size(max((line.cell_len for line in lines), default=0), len(lines))
        self.refresh()

    def search(self, pattern: str, regex: bool = False) -> None:
        """Goes to the first line from the top of the view on that matches, and marks all that do.

        A pattern without capital letters matches them too; an empty one forgets the search. Raises BadPattern.
        """
        self._wanted = matcher(pattern, regex=regex) if pattern else None
        self._match = None
        self.refresh()
        self._go(at_or_after=round(self.scroll_y))

    def next_match(self) -> None:
        """Goes to the next line that matches; after the last one to the first."""
        self._go(at_or_after=(round(self.scroll_y) if self._match is None else self._match + 1))

    def previous_match(self) -> None:
        """Goes to the line before that matches; before the first one to the last."""
        here = round(self.scroll_y) if self._match is None else self._match
        found = self._matches()
        before = [line for line in found if line < here]
        self._go_to([*before[-1:], *found[-1:]])

    def action_scroll_top(self) -> None:
        """Goes to the first line."""
        self.scroll_to(y=0, animate=False)

    def action_scroll_bottom(self) -> None:
        """Goes to the last line."""
        self.scroll_to(y=self.max_scroll_y, animate=False)

    def render_line(self, y: int) -> Strip:
        """Draws one line of the widget."""
        width, number = self.size.width, y + round(self.scroll_y)
        if number >= len(self._lines):
            return Strip.blank(width, self.rich_style)
        strip = Strip(self._marked(self._lines[number]).render(self.app.console)).apply_style(self.rich_style)
        left = round(self.scroll_x)
        return strip.crop(left, left + width).extend_cell_length(width, self.rich_style)

    @property
    def _height(self) -> int:
        return self.scrollable_content_region.height

    def _move(self, lines: int) -> None:
        self.scroll_to(y=round(self.scroll_y) + lines, animate=False)

    def _marked(self, line: Text) -> Text:
        text = line.copy()
        text.end = ""
        if self._wanted is not None:
            for start, end in self._wanted.spans(text.plain):
                text.stylize(self._match_style, start, end)
        return text

    @property
    def _match_style(self) -> Style:
        return self.get_component_rich_style("styled-lines--match", partial=True)

    def _matches(self) -> list[int]:
        if self._wanted is None:
            return []
        return [number for number, line in enumerate(self._lines) if any(self._wanted.spans(line.plain))]

    def _go(self, at_or_after: int) -> None:
        found = self._matches()
        self._go_to([*(line for line in found if line >= at_or_after), *found])

    def _go_to(self, candidates: Sequence[int]) -> None:
        if not candidates:
            return
        self._match = line = candidates[0]
        top = round(self.scroll_y)
        if not top <= line < top + self._height:
            self.scroll_to(y=max(0, line - self._height // 3), animate=False, force=True)
        self.refresh()

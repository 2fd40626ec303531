"""The boxes and stubs of the lineage graph, line by line, at each zoom."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from rich.cells import cell_len, set_cell_size

from tui.graph_layout.excerpt import Excerpt, Stub
from tui.graph_layout.layout import Box, Size
from tui.run_view.explore.nodes import NodeLook
from tui.text import cut

Zoom = Literal["box", "name", "dot"]
ZOOMS: tuple[Zoom, ...] = ("box", "name", "dot")
SPACE: dict[Zoom, int] = {"box": 0, "name": 1, "dot": 1}
"""Rows that stay free between boxes."""
GAP: dict[Zoom, int] = {"box": 4, "name": 3, "dot": 3}
"""Cells between columns, at least."""

Piece = tuple[str, str]
"""Text with its style: one that Rich knows, or one of the graph's own, EDGE, CHOSEN or STUB."""
EDGE, CHOSEN, STUB = "edge", "chosen", "stub"

_LONGEST_NAME = 36
_BOX_WIDTH = 25
"""Cells in which glyph, word and duration fit with the frame."""
_STUB_WIDTH = 24
_DOT_WIDTH, _DOT_STUB_WIDTH = 3, 7
_BOLD_LINES = str.maketrans("╭╮╰╯─│├┤┬┴┼", "┏┓┗┛━┃┣┫┳┻╋")


@dataclass(frozen=True, slots=True)
class Aside:
    """How much that is not shown lies above and below a node, where no stub says so."""

    above: int = 0
    below: int = 0

    @property
    def left(self) -> str:
        """`◂3`, empty for nothing."""
        return f"◂{self.above:,}" if self.above else ""

    @property
    def right(self) -> str:
        """`14▸`, empty for nothing."""
        return f"{self.below:,}▸" if self.below else ""


def size_of(name: str, zoom: Zoom, aside: Aside) -> Size:
    """The cells of a node. They depend on nothing that changes while a run goes on."""
    width = min(cell_len(name), _LONGEST_NAME)
    if zoom == "box":
        return Size(max(_BOX_WIDTH, width + 4, len(aside.left) + len(aside.right) + 7), 3)
    if zoom == "name":
        hints = sum(len(hint) + 1 for hint in (aside.left, aside.right) if hint)
        return Size(width + 4 + hints, 1)
    return Size(_DOT_WIDTH, 1)


def stub_size(zoom: Zoom) -> Size:
    """The cells of a stub."""
    return Size(_DOT_STUB_WIDTH if zoom == "dot" else _STUB_WIDTH, 1)


def sizes_of(excerpt: Excerpt, names: dict[str, str], zoom: Zoom) -> dict[str, Size]:
    """The cells of everything in an excerpt."""
    return {
        node: stub_size(zoom)
        if node in excerpt.stubs
        else size_of(names[node], zoom, Aside(*excerpt.aside.get(node, ())))
        for node in excerpt.graph.order
    }


def stub_pieces(stub: Stub, bad: int, width: int) -> list[Piece]:
    """`+14 downstream`, and how many of these failed or were not built."""
    number = f"+{len(stub.hidden):,}"
    if width < _STUB_WIDTH:
        return [(number[:width].ljust(width), "red" if bad else STUB)]
    direction = "upstream" if stub.direction == "up" else "downstream"
    said, trouble = f" {number} {direction} ", f"{bad:,} ✗ " if bad else ""
    rest = width - len(said) - len(trouble)
    # The line to what it is the rest of begins behind the words.
    fill = "─" if stub.direction == "up" else " "
    return [(said, STUB), (trouble, "red"), (fill * rest, EDGE)]


def box_pieces(box: Box, row: int, look: NodeLook, aside: Aside, chosen: bool, joins: tuple[bool, bool]) -> list[Piece]:
    """One row of a node, counted from the top of the layout; `joins` tells whether edges reach it and leave it."""
    if box.height == 3:
        line = row - box.y
        frame = _top(look, box.width) if line == 0 else _bottom(aside, box.width) if line == 2 else None
        pieces = frame or _middle(look, box.width, chosen, joins)
        return _heavy(pieces) if chosen else pieces
    if box.width == _DOT_WIDTH:
        left, right = ("[", "]") if chosen else (" ", " ")
        return [(left, CHOSEN), (look.glyph, look.style), (right, CHOSEN)]
    return _name_line(look, aside, box.width, chosen)


def _top(look: NodeLook, width: int) -> list[Piece]:
    status = f"{look.glyph} {look.word}"
    took = f" {look.took} " if look.took else ""
    line = "─" * (width - 4 - len(status) - len(took))
    return [("╭ ", EDGE), (status, look.style), (" " + line, EDGE), (took, ""), ("╮", EDGE)]


def _middle(look: NodeLook, width: int, chosen: bool, joins: tuple[bool, bool]) -> list[Piece]:
    name = set_cell_size(cut(look.name, width - 4), width - 4)
    left, right = "┤" if joins[0] else "│", "├" if joins[1] else "│"
    return [(left, EDGE), (f" {name} ", CHOSEN if chosen else "bold" if look.is_bad else ""), (right, EDGE)]


def _bottom(aside: Aside, width: int) -> list[Piece]:
    left = f" {aside.left} " if aside.above else ""
    right = f" {aside.right} " if aside.below else ""
    line = "─" * (width - 2 - len(left) - len(right))
    return [("╰", EDGE), (left, STUB), (line, EDGE), (right, STUB), ("╯", EDGE)]


def _name_line(look: NodeLook, aside: Aside, width: int, chosen: bool) -> list[Piece]:
    left = f"{aside.left} " if aside.above else ""
    right = f" {aside.right}" if aside.below else ""
    room = width - 4 - len(left) - len(right)
    name = set_cell_size(cut(look.name, room), room)
    style = CHOSEN if chosen else "bold" if look.is_bad else ""
    return [(" ", ""), (left, STUB), (f"{look.glyph} ", look.style), (name, style), (right, STUB), (" ", "")]


def _heavy(pieces: Iterable[Piece]) -> list[Piece]:
    """The frame of the chosen box stands out, with and without colours."""
    return [(heavy(text), CHOSEN) if style == EDGE else (text, style) for text, style in pieces]


def heavy(text: str) -> str:
    """Lines of boxes and edges, drawn boldly."""
    return text.translate(_BOLD_LINES)

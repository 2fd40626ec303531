"""The lineage of a run as a graph that one walks with the keyboard."""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.binding import BindingType
from textual.events import Click, Resize
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.worker import WorkType

from tui import keymap
from tui.graph_layout.drawing import Cell, by_row
from tui.graph_layout.graph import Direction, Graph
from tui.graph_layout.layout import Box, Line
from tui.graph_layout.layout import Size as Cells
from tui.run_view.explore.boxes import CHOSEN, EDGE, STUB, ZOOMS, Aside, Piece, box_pieces, heavy, stub_pieces
from tui.run_view.explore.nodes import NodeLook
from tui.run_view.explore.picture import LEVELS, MOST_AT_ONCE, MOST_LEVELS, Part, Picture, fitting, picture_of
from tui.widgets.graph_walk import Walk, beside, matching

_AROUND = 3
"""Rows and cells around the chosen box that are kept in view as well."""


class LineageGraph(ScrollView, can_focus=True):
    """Draws a graph from left to right, one node of it chosen; only what is in view is drawn.

    It is laid out in a thread, and anew only when another graph or another part of it is to be seen: how the nodes
    stand is asked for while drawing.
    """

    BINDINGS: ClassVar[list[BindingType]] = keymap.bindings("graph")
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"lineage-graph--{name}" for name in (EDGE, CHOSEN, STUB)}
    DEFAULT_CSS = """
    LineageGraph { height: 1fr; overflow: auto; scrollbar-size-vertical: 1; scrollbar-size-horizontal: 1; }
    LineageGraph > .lineage-graph--edge { color: $secondary; text-style: dim; }
    LineageGraph > .lineage-graph--stub { color: $secondary; }
    LineageGraph > .lineage-graph--chosen { color: $accent; text-style: bold; }
    """

    class Chosen(Message):
        """Another node was chosen."""

        def __init__(self, node: str) -> None:
            super().__init__()
            self.node = node

    class Changed(Message):
        """Something else that `picture` tells has changed: levels, zoom, what is shown."""

    class Refused(Message):
        """What was asked for is not possible; the sentence says why."""

        def __init__(self, sentence: str) -> None:
            super().__init__()
            self.sentence = sentence

    def __init__(self, look_of: Callable[[str], NodeLook], *, id: str | None = None) -> None:
        """`look_of` tells how a node stands now."""
        super().__init__(id=id)
        self._look_of = look_of
        self._graph = Graph.of({})
        self._names: dict[str, str] = {}
        self._walk = Walk()
        self._lit: Mapping[int, Sequence[Line]] = {}
        self._wanted = ""
        self._part: Part | None = None
        self.chosen: str | None = None
        self.picture: Picture | None = None

    # What owners use

    @property
    def total(self) -> int:
        """How many nodes the graph has."""
        return len(self._graph.order)

    def show(self, graph: Graph, names: dict[str, str], chosen: str | None) -> None:
        """Shows a graph. Where it is the one that is shown already, nothing moves.

        The chosen node stays the chosen one, or the given one becomes it, or the first; as much is shown as fits.
        """
        if graph == self._graph and names == self._names and self.picture is not None:
            return
        self._graph, self._names = graph, names
        self._walk = Walk()
        wanted = [
            node for node in (chosen, self.chosen, *graph.order[:1]) if node is not None and node in graph.parents
        ]
        if not wanted:
            self.picture = self._part = None
            self.virtual_size = Size(0, 0)
            self.refresh()
            return
        self._choose(wanted[0])
        self._part = None
        self._draw()

    def choose(self, node: str) -> bool:
        """Chooses a node, and goes there; False where the graph has no such node."""
        if node not in self._graph.parents:
            return False
        if node != self.chosen:
            self._choose(node)
            self._go_there()
        return True

    def search(self, text: str) -> bool:
        """Chooses the next node from the chosen one on with this in its name; False where there is none."""
        self._wanted = text
        return self._go_to_match(1, here_too=True)

    # Keys

    def action_go(self, direction: Direction) -> None:
        """Goes along an edge: to where one came from, else to what is most level."""
        if self.picture is None or self.chosen is None:
            return
        target = self._walk.along(self.picture.drawing.layout, self.chosen, direction, self.picture.excerpt.stubs)
        if target is None:
            # Nothing of it is shown, but there may be something behind a stub.
            hidden = self._graph.neighbours(self.chosen, direction)
            target = self._walk.back(self.chosen, direction, hidden) or (hidden[0] if hidden else None)
        if target is not None:
            self._walk.went(self.chosen, target, direction)
            self.choose(target)

    def action_step(self, rows: int) -> None:
        """Goes down a column, or up."""
        if self.picture is not None and self.chosen is not None:
            self.choose(beside(self.picture.drawing.layout, self.chosen, rows, self.picture.excerpt.stubs))

    def action_more(self, levels: int) -> None:
        """Shows more levels around the chosen node, or fewer."""
        if self.picture is None or self.chosen is None:
            return
        part = self.picture.part
        now = LEVELS if part.levels is None else part.levels + levels
        if part.levels is None and levels > 0:
            return
        self._show_part(replace(part, centre=self.chosen, levels=min(max(now, 1), MOST_LEVELS)))

    def action_whole(self) -> None:
        """Shows the whole graph, or again only what is around the chosen node."""
        if self.picture is None or self.chosen is None:
            return
        part = self.picture.part
        if part.levels is None:
            self._show_part(replace(part, centre=self.chosen, levels=LEVELS))
        elif len(self._graph.order) > MOST_AT_ONCE:
            self.post_message(
                self.Refused(f"{len(self._graph.order):,} models at once would say nothing: + shows more.")
            )
        else:
            self._show_part(replace(part, levels=None))

    def action_zoom(self) -> None:
        """Boxes, names only, dots."""
        if self.picture is not None:
            zoom = self.picture.part.zoom
            self._show_part(replace(self.picture.part, zoom=ZOOMS[(ZOOMS.index(zoom) + 1) % len(ZOOMS)]))

    def action_centre(self) -> None:
        """Shows what is around the chosen node."""
        if self.picture is None or self.chosen is None:
            return
        part = replace(self.picture.part, centre=self.chosen)
        if part.levels is None or part == self.picture.part:
            self._scroll_to_chosen(centre=True)
        else:
            self._show_part(part)

    def action_next_match(self, direction: int) -> None:
        """Goes to the next node with what was searched for in its name, or the one before."""
        self._go_to_match(direction)

    def action_scroll_sideways(self, direction: int) -> None:
        """Looks half a view to the right, or to the left, without choosing another node."""
        self.scroll_relative(x=direction * self.size.width // 2, animate=False)

    def action_scroll_half(self, direction: int) -> None:
        """Looks half a view down, or up, without choosing another node."""
        self.scroll_relative(y=direction * self.size.height // 2, animate=False)

    # Choosing

    def _choose(self, node: str) -> None:
        self.chosen = node
        self._light()
        self.refresh()
        self.post_message(self.Chosen(node))

    def _go_there(self) -> None:
        picture = self.picture
        if picture is None or self.chosen is None:
            return
        if self.chosen in picture.drawing.layout.boxes:
            self._scroll_to_chosen()
        else:
            self._show_part(replace(picture.part, centre=self.chosen))

    def _light(self) -> None:
        """The edges of the chosen node are drawn boldly."""
        picture, node = self.picture, self.chosen
        if picture is None or node is None or node not in picture.drawing.layout.boxes:
            self._lit = {}
            return
        layout = picture.drawing.layout
        lines = [line for child in layout.graph.children[node] for line in layout.edge(node, child)]
        lines += [line for parent in layout.graph.parents[node] for line in layout.edge(parent, node)]
        self._lit = by_row(lines)

    def _go_to_match(self, direction: int, here_too: bool = False) -> bool:
        found = matching(self._graph, self._names, self._wanted, self.chosen, direction, here_too)
        return self.choose(found) if found is not None else False

    # Laying out

    def _show_part(self, part: Part) -> None:
        self._part = part
        self._draw()

    def _draw(self) -> None:
        room = self.scrollable_content_region.size
        if self.chosen is not None and room:
            work: WorkType[None] = partial(self._lay_out, Cells(room.width, room.height))
            self.run_worker(work, group="layout", description="layout", exclusive=True)

    async def _lay_out(self, room: Cells) -> None:
        graph, names, chosen, part = self._graph, self._names, self.chosen, self._part
        assert chosen is not None, "there is a chosen node wherever there is a graph"
        if part is None or part.centre not in graph.parents:
            picture = await asyncio.to_thread(fitting, graph, names, chosen, room)
        else:
            picture = await asyncio.to_thread(picture_of, graph, names, part)
        self.picture = picture
        layout = picture.drawing.layout
        self.virtual_size = Size(layout.width, layout.height)
        self._light()
        if chosen == self.chosen:
            self._scroll_to_chosen(centre=True)
        self.refresh()
        self.post_message(self.Changed())
        if self.chosen not in layout.boxes:
            self._go_there()

    def _scroll_to_chosen(self, centre: bool = False) -> None:
        picture = self.picture
        box = picture.drawing.layout.boxes.get(self.chosen or "") if picture else None
        if box is None:
            return
        if centre and picture is not None:
            x, y = box.x + box.width // 2 - self.size.width // 2, box.middle - self.size.height // 2
            # Rather a little out of the middle than half a box at the left.
            begins = [column.x for column in picture.drawing.layout.columns if column.x <= x]
            if begins and box.x + box.width <= begins[-1] + self.size.width:
                x = begins[-1]
            self.scroll_to(max(0, x), max(0, y), animate=False, force=True)
        else:
            around = Region(box.x, box.y, box.width, box.height).grow((1, _AROUND, 1, _AROUND))
            self.scroll_to_region(around, animate=False, force=True)

    def on_resize(self, _: Resize) -> None:
        """As long as nobody asked for a part of it, as much is shown as fits."""
        if self._part is None:
            self._draw()
        else:
            self._scroll_to_chosen()

    def on_click(self, event: Click) -> None:
        """Chooses the box under the pointer."""
        if self.picture is None:
            return
        x, y = event.x + round(self.scroll_x), event.y + round(self.scroll_y)
        for box in self.picture.drawing.boxes(y, x, x + 1):
            stub = self.picture.excerpt.stubs.get(box.node)
            self.choose(stub.node if stub else box.node)

    # Drawing

    def render_line(self, y: int) -> Strip:
        """Draws one line of the widget."""
        width = self.size.width
        if self.picture is None:
            return Strip.blank(width, self.rich_style)
        row, left = y + round(self.scroll_y), round(self.scroll_x)
        picture = self.picture
        boxes = list(picture.drawing.boxes(row, left, left + width))
        begin = min([left, *(box.x for box in boxes)])
        cells = picture.drawing.cells(row, begin, left + width)
        pieces: list[Piece] = []
        x = begin
        for box in boxes:
            pieces += self._edges(cells, row, x, box.x)
            pieces += self._box(picture, box, row)
            x = box.x + box.width
        pieces += self._edges(cells, row, x, left + width)
        strip = Strip([Segment(text, self._style(style)) for text, style in pieces if text])
        return strip.crop(left - begin, left - begin + width).extend_cell_length(width, self.rich_style)

    def _edges(self, cells: Mapping[int, Cell], row: int, begin: int, end: int) -> list[Piece]:
        """Between two boxes."""
        lit = self._lit.get(row, ())
        pieces: list[Piece] = []
        text, bold = "", False
        for x in range(begin, end):
            cell = cells.get(x)
            is_bold = cell is not None and any(_lights(line, x, cell) for line in lit)
            if is_bold is not bold:
                pieces.append((text, CHOSEN if bold else EDGE))
                text, bold = "", is_bold
            text += " " if cell is None else heavy(cell.shape) if is_bold else cell.shape
        pieces.append((text, CHOSEN if bold else EDGE))
        return pieces

    def _box(self, picture: Picture, box: Box, row: int) -> list[Piece]:
        stub = picture.excerpt.stubs.get(box.node)
        if stub is not None:
            return stub_pieces(stub, self._bad(stub.hidden), box.width)
        graph = picture.drawing.layout.graph
        joins = bool(graph.parents[box.node]), bool(graph.children[box.node])
        aside = picture.aside.get(box.node, Aside())
        return box_pieces(box, row, self._look_of(box.node), aside, box.node == self.chosen, joins)

    def _bad(self, hidden: Collection[str]) -> int:
        return sum(self._look_of(node).is_bad for node in hidden)

    def _style(self, name: str) -> Style:
        if name in (EDGE, CHOSEN, STUB):
            return self.get_component_rich_style(f"lineage-graph--{name}", partial=False)
        return self.rich_style + Style.parse(name)


def _lights(line: Line, x: int, cell: Cell) -> bool:
    """Whether a piece of an edge makes a character bold: not one that another edge draws over it."""
    return line.x0 <= x <= line.x1 and (line.is_upright or not cell.is_bridge)

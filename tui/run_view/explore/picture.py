"""Which part of the graph is drawn, and how large: worked out beside the event loop."""

from dataclasses import dataclass, field

from tui.graph_layout.drawing import Drawing
from tui.graph_layout.excerpt import Excerpt, near, whole
from tui.graph_layout.graph import Graph
from tui.graph_layout.layout import Size, lay_out
from tui.run_view.explore.boxes import GAP, SPACE, Aside, Zoom, sizes_of

LEVELS = 2
"""Levels up and down that are shown at first where the whole graph does not fit."""
MOST_LEVELS = 9
MOST_AT_ONCE = 2_000
"""Nodes of a graph that is still drawn as a whole: beyond, that takes seconds, and says nothing."""

_SCREENS_WIDE = 2
"""How many times as wide as the view a whole graph may be: it is read from left to right anyway."""


@dataclass(frozen=True, slots=True)
class Part:
    """What is looked at: all of the graph (`levels` None), or so many levels around a node; and how large."""

    centre: str
    levels: int | None = LEVELS
    zoom: Zoom = "box"


@dataclass(frozen=True, slots=True)
class Picture:
    """A part of a graph, laid out."""

    part: Part
    excerpt: Excerpt
    drawing: Drawing
    aside: dict[str, Aside] = field(default_factory=dict)

    @property
    def shown(self) -> int:
        """How many nodes are in it, without the stubs."""
        return len(self.excerpt.graph.order) - len(self.excerpt.stubs)


def picture_of(graph: Graph, names: dict[str, str], part: Part) -> Picture:
    """Lays out a part of a graph that its centre is in."""
    excerpt = whole(graph) if part.levels is None else near(graph, part.centre, part.levels)
    sizes = sizes_of(excerpt, names, part.zoom)
    layout = lay_out(excerpt.graph, sizes, SPACE[part.zoom], GAP[part.zoom])
    asides = {node: Aside(*counts) for node, counts in excerpt.aside.items()}
    return Picture(part, excerpt, Drawing(layout), asides)


def fitting(graph: Graph, names: dict[str, str], centre: str, room: Size) -> Picture:
    """The whole graph in boxes, or else by names, where that fits into the room; else what is around the centre."""
    if len(graph.order) <= room.height * room.width // 100:
        for zoom in ("box", "name"):
            picture = picture_of(graph, names, Part(centre, None, zoom))
            layout = picture.drawing.layout
            if layout.height <= room.height and layout.width <= room.width * _SCREENS_WIDE:
                return picture
    return picture_of(graph, names, Part(centre))

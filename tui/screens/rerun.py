"""Asks in which of three ways a run is to be done again, and says of each what it would do."""

from collections.abc import Awaitable, Callable
from typing import ClassVar

from rich.console import Group
from rich.table import Table
from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Button, Static

from engine.errors import RunroomError
from engine.protocol import RerunMode, RerunPreview
from tui import formats
from tui.rerun_text import MODES, foreseen_lines, meaning_of, rerun_facts

PreviewOf = Callable[[RerunMode], Awaitable[RerunPreview]]
"""Asks the engine what a re-run would do. Raises RunroomError where that cannot be."""

_LABEL_WIDTH = 7
_ORDER: tuple[RerunMode, ...] = tuple(MODES)


class RerunScreen(ModalScreen[RerunMode | None]):
    """Gives the way that was chosen, None when nothing shall run. The harmless answer is chosen at first."""

    CSS_PATH = "rerun.tcss"
    VERTICAL_BREAKPOINTS = [(0, "-low"), (30, "-high")]  # noqa: RUF012 - Textual's own, not a class variable to it
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "answer(True)", "yes", show=False),
        Binding("n,escape,q", "answer(False)", "no", show=False),
        *(Binding(str(number), f"choose({number - 1})", show=False) for number in (1, 2, 3)),
        Binding("right_square_bracket,r,l,right", "turn(1)", show=False),
        Binding("left_square_bracket,h,left", "turn(-1)", show=False),
        Binding("j,down", "scroll(1)", show=False),
        Binding("k,up", "scroll(-1)", show=False),
    ]

    def __init__(self, question: str, preview_of: PreviewOf, mode: RerunMode, warning: str = "") -> None:
        """`warning` stands out above all: that it touches production, for one."""
        super().__init__()
        self._question = question
        self._preview_of = preview_of
        self._mode = mode
        self._warning = warning
        self._previews: dict[RerunMode, RerunPreview] = {}

    def compose(self) -> ComposeResult:
        """The question, the three ways, what the chosen one would do, the answers."""
        with Vertical(classes="dialog"):
            yield Static(Text(self._question), classes="dialog-title")
            if self._warning:
                yield Static(formats.styled(f"▲ {self._warning}", formats.WARNING), classes="dialog-warning")
            yield Static(id="modes")
            yield Static(id="meaning", markup=False)
            with VerticalScroll(id="preview", can_focus=False):
                yield Static(id="facts", markup=False)
            with Horizontal(classes="dialog-answers"):
                yield Button(Text.assemble(("y ", "bold"), "Run it"), id="deed", compact=True)
                yield Button(Text.assemble(("n ", "bold"), "No"), id="refusal", compact=True)

    def on_mount(self) -> None:
        """Enter alone must not do harm."""
        self.query_one("#refusal", Button).focus()
        self._show_mode()

    def action_choose(self, number: int) -> None:
        """Takes one of the three ways."""
        self._mode = _ORDER[number]
        self._show_mode()

    def action_turn(self, direction: int) -> None:
        """Takes the next of the ways, or the one before."""
        self.action_choose((_ORDER.index(self._mode) + direction) % len(_ORDER))

    def action_scroll(self, direction: int) -> None:
        """Shows more of what it would do."""
        self.query_one("#preview").scroll_relative(y=direction, animate=False)

    def action_answer(self, answer: bool) -> None:
        """Closes with the way that was chosen, once it is known what it would do."""
        if not answer:
            self.dismiss(None)
        elif self._mode in self._previews:
            self.dismiss(self._mode)

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        self.action_answer(event.button.id == "deed")

    def _show_mode(self) -> None:
        names = [f" {number} {MODES[mode][0]} " for number, mode in enumerate(_ORDER, 1)]
        chosen = _ORDER.index(self._mode)
        text = Text(" ").join(Text(name, "bold reverse" if at == chosen else "") for at, name in enumerate(names))
        self.query_one("#modes", Static).update(text)
        self._show(self._previews.get(self._mode))
        if self._mode not in self._previews:
            self.run_worker(self._read(self._mode), group="preview", exclusive=True)

    async def _read(self, mode: RerunMode) -> None:
        try:
            self._previews[mode] = await self._preview_of(mode)
        except RunroomError as error:
            self.query_one("#facts", Static).update(formats.styled(str(error), formats.BAD))
            return
        self._show(self._previews[mode])

    def _show(self, preview: RerunPreview | None) -> None:
        meaning = formats.styled(f"Runs {meaning_of(self._mode, preview)}.", formats.MUTED)
        self.query_one("#meaning", Static).update(meaning)
        working = formats.styled("Working out what that would do …", formats.MUTED)
        self.query_one("#facts", Static).update(working if preview is None else _told(preview))
        self.query_one("#preview").scroll_home(animate=False)
        self.query_one("#deed", Button).disabled = preview is None


def _told(preview: RerunPreview) -> Group:
    grid = Table.grid(padding=(0, 1))
    grid.add_column(style=formats.MUTED, width=_LABEL_WIDTH)
    grid.add_column(overflow="fold")
    for label, text in rerun_facts(preview):
        grid.add_row(Text(label), text)
    foreseen = foreseen_lines(preview)
    return Group(*([*foreseen, Text()] if foreseen else []), grid)

"""Asks before a version's files are put back, and shows every file and line that this changes."""

from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Button, Static

from engine.protocol import RestorePreview
from store.text import one_line
from tui import formats
from tui.version_text import diff_text, restore_lines, restore_summary

_NAMED = 3


class RestoreScreen(ModalScreen[bool]):
    """Gives True when the files shall be changed; where edits are in the way, when git shall stash them first."""

    DEFAULT_CSS = """
    RestoreScreen { align: center middle; }
    RestoreScreen #files { height: auto; max-height: 20; margin: 1 0 0 0; scrollbar-size-vertical: 1; }
    RestoreScreen #difference { margin: 1 0 0 0; }
    RestoreScreen.-low #files { max-height: 6; }
    """
    VERTICAL_BREAKPOINTS = [(0, "-low"), (30, "-high")]  # noqa: RUF012 - Textual's own, not a class variable to it
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "answer(True)", "yes", show=False),
        Binding("n,escape,q", "answer(False)", "no", show=False),
        Binding("left,right,h,l", "app.focus_next", show=False),
        Binding("j,down", "scroll(1)", show=False),
        Binding("k,up", "scroll(-1)", show=False),
        Binding("ctrl+d,pagedown", "scroll(10)", show=False),
        Binding("ctrl+u,pageup", "scroll(-10)", show=False),
    ]

    def __init__(self, question: str, preview: RestorePreview) -> None:
        super().__init__()
        self._question = question
        self._preview = preview

    def compose(self) -> ComposeResult:
        """The question, the edits in the way, every file with what changes in it, the answers."""
        preview = self._preview
        with Vertical(classes="dialog"):
            yield Static(Text(self._question), classes="dialog-title")
            if preview.uncommitted:
                yield Static(formats.styled(self._in_the_way(), formats.WARNING), classes="dialog-warning")
            yield Static(Text(f"{restore_summary(preview.changes)} in {one_line(preview.folder)}"))
            with VerticalScroll(id="files", can_focus=False):
                yield Static(Text("\n").join(restore_lines(preview.changes)))
                if preview.difference:
                    yield Static(diff_text(preview.difference), id="difference")
            with Horizontal(classes="dialog-answers"):
                deed = "Stash the edits and restore" if preview.uncommitted else "Restore"
                yield Button(Text.assemble(("y ", "bold"), deed), id="deed", compact=True)
                yield Button(Text.assemble(("n ", "bold"), "Leave them"), id="refusal", compact=True)

    def _in_the_way(self) -> str:
        edited = self._preview.uncommitted
        more = f" and {len(edited) - _NAMED} more" if len(edited) > _NAMED else ""
        return f"▲ Uncommitted edits would be replaced: {', '.join(map(one_line, edited[:_NAMED]))}{more}."

    def on_mount(self) -> None:
        """Enter alone must not do harm."""
        self.query_one("#refusal", Button).focus()

    def action_answer(self, answer: bool) -> None:
        """Closes with the answer."""
        self.dismiss(answer)

    def action_scroll(self, direction: int) -> None:
        """Shows more of the files and their lines."""
        self.query_one("#files").scroll_relative(y=direction, animate=False)

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        self.dismiss(event.button.id == "deed")

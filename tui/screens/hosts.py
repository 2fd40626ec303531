"""Shows the hosts that runs used, with their addresses, and asks what to do with them."""

from collections.abc import Sequence
from typing import ClassVar, Literal

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Button, Static

from store.hosts import Host
from store.text import one_line
from tui import formats

Wanted = Literal["copy", "save"]


class HostsScreen(ModalScreen[Wanted | None]):
    """Gives what is wanted; None where it was enough to see them."""

    DEFAULT_CSS = """
    HostsScreen { align: center middle; }
    HostsScreen #hosts { height: auto; max-height: 14; scrollbar-size-vertical: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "answer('copy')", "copy", show=False),
        Binding("s", "answer('save')", "save", show=False),
        Binding("n,escape,q", "answer('')", "close", show=False),
        Binding("left,right,h,l", "app.focus_next", show=False),
        Binding("j,down", "scroll(1)", show=False),
        Binding("k,up", "scroll(-1)", show=False),
    ]

    def __init__(self, subject: str, hosts: Sequence[Host]) -> None:
        """`subject` says whose hosts they are."""
        super().__init__()
        self._subject = subject
        self._hosts = hosts

    def compose(self) -> ComposeResult:
        """Whose they are, the hosts, the answers."""
        with Vertical(classes="dialog"):
            yield Static(Text(f"Hosts that {self._subject} used"), classes="dialog-title")
            with VerticalScroll(id="hosts", can_focus=False):
                yield Static(Text("\n").join(map(_host_text, self._hosts)))
            with Horizontal(classes="dialog-answers"):
                yield Button(Text.assemble(("y ", "bold"), "Copy"), id="copy", compact=True)
                yield Button(Text.assemble(("s ", "bold"), "Save to a file"), id="save", compact=True)
                yield Button(Text.assemble(("esc ", "bold"), "Close"), id="close", compact=True)

    def on_mount(self) -> None:
        """Enter copies."""
        self.query_one("#copy", Button).focus()

    def action_answer(self, answer: str) -> None:
        """Closes with the answer."""
        self.dismiss("copy" if answer == "copy" else "save" if answer == "save" else None)

    def action_scroll(self, direction: int) -> None:
        """Shows more of them."""
        self.query_one("#hosts").scroll_relative(y=direction, animate=False)

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """A button was pressed."""
        self.action_answer(event.button.id or "")


def _host_text(host: Host) -> Text:
    lines = [Text(one_line(host.name), "bold"), *(Text(f"  {one_line(each)}") for each in host.addresses)]
    if not host.addresses:
        lines.append(formats.styled("  no address is known", formats.MUTED))
    return Text("\n").join(lines)

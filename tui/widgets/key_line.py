"""The line at the bottom of every screen: the keys that matter here."""

from rich.style import Style
from rich.text import Text
from textual.binding import Binding
from textual.screen import Screen
from textual.widgets import Static

from tui.keymap import spelled

_ALWAYS = ("command_palette", "help", "quit")
_GAP = "   "


class KeyLine(Static):
    """Shows as many keys of the present focus as fit, those of every place last. A click presses the key."""

    def __init__(self) -> None:
        super().__init__(id="key-line")

    def on_mount(self) -> None:
        """Keys depend on what has the focus."""
        self.screen.bindings_updated_signal.subscribe(self, self._show)

    def on_resize(self) -> None:
        """More or fewer fit."""
        self._show(self.screen)

    def _show(self, screen: Screen[object]) -> None:
        if screen is self.screen:
            self.update(_line(screen, self.size.width), layout=False)


def _line(screen: Screen[object], width: int) -> Text:
    found: dict[str, Binding] = {}
    for active in screen.active_bindings.values():
        binding, action = active.binding, active.binding.action.removeprefix("app.")
        if binding.show and active.enabled and (action not in found or len(binding.key) < len(found[action].key)):
            found[action] = binding
    here = [_label(binding) for action, binding in found.items() if action not in _ALWAYS]
    always = [_label(found[action]) for action in _ALWAYS if action in found]
    room = width - sum(label.cell_len + len(_GAP) for label in always)
    shown: list[Text] = []
    for label in here:
        room -= label.cell_len + len(_GAP)
        if room < 0:
            break
        shown.append(label)
    return Text(_GAP, no_wrap=True).join([*shown, *always])


def _label(binding: Binding) -> Text:
    text = Text(spelled(binding.key), "bold").append(f" {binding.description}", "not bold dim")
    text.stylize(Style.from_meta({"@click": f"app.simulate_key('{binding.key}')"}))
    return text

"""The lines of the help: the keys of each place, laid out for a width."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from textwrap import wrap

from rich.text import Text

from tui import formats
from tui.keymap import SCOPE_TITLES, Key, Scope, keys_of, spelled
from tui.remapping import keys_now

ACTS = "•"
"""Stands before keys that act."""

_KEY_WIDTH = 17
_TABS = "show_tab("
_ASKS = "asks first"


def help_lines(scopes: Sequence[Scope], remapped: Mapping[str, str], width: int) -> list[Text]:
    """All lines, at most `width` cells wide but where a single word is wider."""
    lines: list[Text] = []
    for scope in scopes:
        if lines:
            lines.append(Text())
        lines.append(Text.assemble((SCOPE_TITLES[scope], "bold")))
        for is_tab, keys in groupby(keys_of(scope), lambda key: key.action.startswith(_TABS)):
            if is_tab:
                lines += _entry(_row_of_keys(keys, remapped), "show a tab by its number", Text("  "), width)
            else:
                lines += [line for key in keys for line in _key(key, remapped, width)]
    return lines


def _key(key: Key, remapped: Mapping[str, str], width: int) -> Iterator[Text]:
    mark = Text(f"{ACTS} ", formats.MUTED) if key.acts else Text("  ")
    help_text = f"{key.help}  {_ASKS}" if key.dangerous else key.help
    for line in _entry(spelled(keys_now(key, remapped)), help_text, mark, width):
        if key.dangerous:
            line.highlight_words([_ASKS], formats.MUTED)
        yield line


def _entry(keys: str, what: str, mark: Text, width: int) -> Iterator[Text]:
    """The keys at left, at right what they do, on as many lines as that needs."""
    room = width - mark.cell_len - _KEY_WIDTH
    first, *more = wrap(what, room)
    yield Text.assemble(mark, f"{keys:<{_KEY_WIDTH}}", first)
    for line in more:
        yield Text(" " * (width - room) + line)


def _row_of_keys(keys: Iterator[Key], remapped: Mapping[str, str]) -> str:
    """`1-8` for keys in the order of the digits, else all of them."""
    shown = [spelled(keys_now(key, remapped)) for key in keys]
    in_order = "".join(shown) in "123456789" and all(len(key) == 1 for key in shown)
    return f"{shown[0]}-{shown[-1]}" if in_order and len(shown) > 1 else " ".join(shown)

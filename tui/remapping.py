"""A user's own keys: what is written, checked against each other before the app takes any of them."""

import unicodedata
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from itertools import combinations
from pathlib import Path

from textual.binding import Binding, InvalidBinding
from textual.keys import Keys

from engine.client.preferences import written_keys
from engine.errors import UsageError
from tui.keymap import BY_ID, KEYS, TOGETHER, Key

_MODIFIERS = frozenset({"ctrl", "shift", "alt", "meta", "super", "hyper"})
_NAMED = frozenset(key.value for key in Keys)
# Textual calls some characters otherwise than Unicode does.
_CHARACTERS = frozenset({"minus", "plus", "slash", "backslash", "underscore", "at", "less_than_sign"})


def keys_of(folder: Path) -> dict[str, str]:
    """The keys that the user's own file and the workspace in this folder give another place, by id.

    Raises UsageError naming the file for what cannot be.
    """
    wanted: dict[str, str] = {}
    for written in written_keys(folder):
        try:
            remap(wanted := wanted | dict(written.keys))
        except UsageError as error:
            raise UsageError(f"{written.file}: {error}") from error
    return remap(wanted)


def remap(wanted: Mapping[str, str]) -> dict[str, str]:
    """A user's own keys by id, ready for `App.set_keymap`.

    Raises UsageError for an id that no key has, for what is no key, and for one that already does something else in
    the same place.
    """
    remapped = {_known_id(key_id): ",".join(_keys(key_id, keys)) for key_id, keys in wanted.items()}
    for one, other in combinations(KEYS, 2):
        if one.id in remapped or other.id in remapped:
            _refuse_conflict(one, other, remapped)
    return remapped


def keys_now(key: Key, remapped: Mapping[str, str]) -> str:
    """What one presses for it, as Textual writes keys."""
    return remapped.get(key.id, key.keys)


def _known_id(key_id: str) -> str:
    if key_id in BY_ID:
        return key_id
    near = get_close_matches(key_id, BY_ID, n=1)
    hint = f" Did you mean {near[0]}?" if near else " `runroom keys` lists them."
    raise UsageError(f"There is no key {key_id!r} to give another place to.{hint}")


def _keys(key_id: str, keys: str) -> Iterator[str]:
    try:
        bindings = list(Binding.make_bindings([Binding(keys, "")]))
    except InvalidBinding:
        bindings = []
    if not bindings:
        raise UsageError(f"The key {key_id!r} has to be something, such as {BY_ID[key_id].keys!r}.")
    for binding in bindings:
        if not _is_key(binding.key):
            raise UsageError(f"{binding.key!r} for {key_id!r} is no key; one looks like 'x', 'ctrl+x' or 'f5'.")
        yield binding.key


def _is_key(key: str) -> bool:
    *modifiers, name = key.split("+")
    return _MODIFIERS.issuperset(modifiers) and (
        len(name) == 1 or name in _NAMED or name in _CHARACTERS or _is_character(name)
    )


def _is_character(name: str) -> bool:
    try:
        unicodedata.lookup(name.replace("_", " "))
    except KeyError:
        return False
    return True


def _refuse_conflict(one: Key, other: Key, remapped: Mapping[str, str]) -> None:
    """Two keys that are the same from the start are so on purpose: the nearer place goes first."""
    if not _meet(one, other) or _split(one.keys) & _split(other.keys):
        return
    same = _split(keys_now(one, remapped)) & _split(keys_now(other, remapped))
    if same:
        moved, there = (one, other) if one.id in remapped else (other, one)
        raise UsageError(
            f"{min(same)!r} cannot be the key of {moved.id!r}: there it is that of {there.id!r} ({there.help})."
        )


def _meet(one: Key, other: Key) -> bool:
    return (
        one.scope == other.scope
        or "everywhere" in (one.scope, other.scope)
        or any(one.scope in scopes and other.scope in scopes for scopes in TOGETHER)
    )


def _split(keys: str) -> frozenset[str]:
    return frozenset(key.strip() for key in keys.split(","))

"""The actions on one run, in a file beside its journal: with both, the store can be made again."""

from pathlib import Path

from engine.entries import add_entry, read_entries
from store.triage import Action


def append_action(file: Path, action: Action) -> None:
    """Adds an action. Raises OSError."""
    add_entry(file, action)


def read_actions(file: Path) -> list[Action]:
    """The actions, in their order; a line that is torn or unknown is left out."""
    return read_entries(file, Action)

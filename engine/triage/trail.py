"""The actions on one run, in a file beside its journal: with both, the store can be made again."""

from pathlib import Path

from pydantic import ValidationError

from store.triage import Action


def append_action(file: Path, action: Action) -> None:
    """Adds an action. Raises OSError."""
    with file.open("a", encoding="utf-8") as trail:
        trail.write(action.model_dump_json(exclude_none=True) + "\n")


def read_actions(file: Path) -> list[Action]:
    """The actions, in their order; a line that is torn or unknown is left out."""
    try:
        lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return []
    return [action for line in lines if (action := _parsed(line)) is not None]


def _parsed(line: str) -> Action | None:
    try:
        return Action.model_validate_json(line)
    except ValidationError:
        return None

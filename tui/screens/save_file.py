"""Asks where a file shall be saved, and saves it there."""

import asyncio
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from store.text import one_line
from tui import formats, keymap


class NotSaved(Exception):
    """The file could not be saved there; the text is one sentence that says why."""


class SaveScreen(ModalScreen[Path | None]):
    """A line for the path. Stays open until the file is saved, and gives where; None when nobody wants it any more."""

    BINDINGS = [keymap.BY_ID["dialog.close"].binding()]  # noqa: RUF012 - as Textual has it
    DEFAULT_CSS = """
    SaveScreen { align: center middle; }
    SaveScreen Input { border: none; height: 1; margin: 1 0; background: $boost; }
    """

    def __init__(self, source: Path, save: Callable[[Path, str], Path] | None = None) -> None:
        """`save` writes the file of this name where a person wants it, as `save_copy` does, which is the usual way."""
        super().__init__()
        self._source = source
        self._save_as = save or save_copy

    def compose(self) -> ComposeResult:
        """Question, path, and what is wrong with it."""
        with Vertical(classes="dialog"):
            yield Static(Text(f"Save {one_line(self._source.name)} as"), classes="dialog-title")
            yield Input(f"~/{self._source.name}", compact=True, select_on_focus=False)
            yield Static(Text("enter saves, esc forgets it", formats.MUTED), id="problem")

    @on(Input.Submitted)
    def _wanted(self, event: Input.Submitted) -> None:
        event.stop()
        self.run_worker(self._save(event.value), exclusive=True)

    async def _save(self, path: str) -> None:
        try:
            saved = await asyncio.to_thread(self._save_as, self._source, path)
        except NotSaved as error:
            self.query_one("#problem", Static).update(formats.styled(str(error), formats.BAD))
            return
        self.dismiss(saved)

    def action_dismiss_dialog(self) -> None:
        """Nothing is saved."""
        self.dismiss(None)


def save_copy(source: Path, path: str) -> Path:
    """Copies a file to where a person wants it, never over another one. Gives its full path. Raises NotSaved."""

    def copy(target: BinaryIO) -> None:
        with source.open("rb") as content:
            shutil.copyfileobj(content, target)

    return save_with(source, path, copy)


def save_with(source: Path, path: str, write: Callable[[BinaryIO], None]) -> Path:
    """As `save_copy`, with what `write` writes; of `source` only the name matters."""
    target = Path(path.strip()).expanduser()
    if target.is_dir():
        target /= source.name
    try:
        with target.open("xb") as copy:
            _write_whole(copy, target, write)
    except FileExistsError as error:
        raise NotSaved(f"{target} exists already: choose another name.") from error
    except OSError as error:
        raise NotSaved(f"{target} cannot be written: {error.strerror}.") from error
    return target.absolute()


def _write_whole(copy: BinaryIO, target: Path, write: Callable[[BinaryIO], None]) -> None:
    """Leaves no half of a file where it cannot be written to its end."""
    try:
        write(copy)
        copy.flush()
    except OSError:
        target.unlink(missing_ok=True)
        raise

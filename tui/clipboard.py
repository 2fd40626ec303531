"""Copies text to the clipboard of the person's own terminal, with a file as the fallback."""

import asyncio
from pathlib import Path
from typing import Any

from textual.app import App

COPY_FILE = "copied.txt"


async def copy_text(app: App[Any], text: str, folder: Path) -> Path:
    """Copies through OSC 52, which works over SSH; gives the file in `folder` that has it as well.

    A terminal does not answer whether it took the text, and tmux takes it only with `set-clipboard on`, so the file
    is always written. It is readable by its owner alone. Raises OSError when it cannot be written.
    """
    app.copy_to_clipboard(text)
    path = folder / COPY_FILE
    await asyncio.to_thread(_write, path, text)
    return path


def _write(path: Path, text: str) -> None:
    path.touch(mode=0o600)
    path.write_text(text, "utf-8")

"""Copies text to the clipboard of the person's own terminal, with a file as the fallback."""

import asyncio
import os
from contextlib import suppress
from pathlib import Path
from subprocess import TimeoutExpired, run
from typing import Any

from textual.app import App

COPY_FILE = "copied.txt"
_TMUX_PATIENCE_S = 2.0


async def copy_text(app: App[Any], text: str, folder: Path) -> Path:
    """Copies through OSC 52, which works over SSH; gives the file in `folder` that has it as well.

    tmux takes that from a program only with `set-clipboard on`, so inside of it tmux itself is asked, too. A terminal
    does not answer whether it took the text, so the file is always written. It is readable by its owner alone. Raises
    OSError when it cannot be written.
    """
    app.copy_to_clipboard(text)
    if os.environ.get("TMUX"):
        await asyncio.to_thread(_give_to_tmux, text)
    path = folder / COPY_FILE
    await asyncio.to_thread(_write, path, text)
    return path


def _give_to_tmux(text: str) -> None:
    """Into tmux's own buffer (`prefix ]` pastes it) and, from tmux 3.2 on, to the terminal around it."""
    command = ["tmux", "load-buffer", "-w", "-"]
    # Without a tmux on this machine, one of another machine lies between: it has heard OSC 52, and that is all.
    with suppress(OSError, TimeoutExpired):
        run(command, input=text.encode("utf-8", "replace"), capture_output=True, timeout=_TMUX_PATIENCE_S, check=False)


def _write(path: Path, text: str) -> None:
    path.touch(mode=0o600)
    path.write_text(text, "utf-8")

"""A command of SQLMesh's own, run as it is, but that it waits for a DuckDB file that is open elsewhere."""

from __future__ import annotations  # the project's Python may be as old as 3.9

import sys

from .files import Patience, install_patience
from .values import sqlmesh

COMMAND = "sqlmesh"
"""What stands before the words of such a command."""


def run_plain(words: list[str]) -> int:
    """Hands the words to SQLMesh's command line, which ends the process itself."""
    install_patience(Patience(check=lambda: None, say=_say))
    sys.argv = [COMMAND, *words]
    sqlmesh("cli.main").cli()
    return 0


def _say(sentence: str) -> None:
    sys.stdout.write(f"{sentence}\n")
    sys.stdout.flush()

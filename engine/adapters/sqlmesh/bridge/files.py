"""Waits for a DuckDB file that another process has open: DuckDB admits one process at a time, and does not wait."""

from __future__ import annotations  # the project's Python may be as old as 3.9

import functools
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .values import Refused, sqlmesh

LOCKED = re.compile(r'Could not set lock on file "(?P<file>[^"]+)".*?(?:\(PID (?P<pid>\d+)\)|$)', re.DOTALL)
LOOK_AGAIN_S = 0.2


@dataclass(frozen=True)
class Patience:
    """How one waits: `check` is called before each look and may raise, `say` is told once what is waited for."""

    check: Callable[[], object]
    say: Callable[[str], None]
    waits: bool = True
    """Whether one waits at all; who does not is refused, and hears who has the file."""


def install_patience(patience: Patience) -> bool:
    """Makes SQLMesh's connections to DuckDB wait for a file that is open elsewhere.

    The file is opened by the connection itself or, where a project names catalogs, when its first cursor is prepared.
    Returns whether this version of SQLMesh connects that way.
    """
    module = sqlmesh("core.config.connection")
    owner = getattr(module, "BaseDuckDBConnectionConfig", None) or getattr(module, "DuckDBConnectionConfig", None)
    found = False
    for name in ("_connection_factory", "_cursor_init"):
        original = owner.__dict__.get(name) if owner is not None else None
        if isinstance(original, property) and original.fget is not None:
            setattr(owner, name, property(functools.partial(_waiting, patience, original.fget)))
            found = found or name == "_connection_factory"
    return found


def _waiting(patience: Patience, make: Callable[[Any], Any], config: Any) -> Any:
    use = make(config)
    if use is None:
        return None

    @functools.wraps(use)
    def waiting(*args: Any, **kwargs: Any) -> Any:
        told = False
        while True:
            try:
                return use(*args, **kwargs)
            except Exception as error:
                held = LOCKED.search(str(error))
                if held is None:
                    raise
                by = f"process {held['pid']}" if held["pid"] else "another process"
                if not patience.waits:
                    raise Refused(f"{held['file']} is open in {by}; DuckDB admits one process at a time.") from error
            patience.check()
            if not told:
                patience.say(f"Waits for {held['file']}, which {by} has open.")
                told = True
            time.sleep(LOOK_AGAIN_S)

    return waiting

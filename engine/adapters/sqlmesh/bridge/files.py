"""Waits for a DuckDB file that another process has open: DuckDB admits one process at a time, and does not wait."""

from __future__ import annotations  # the project's Python may be as old as 3.9

import functools
import re
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from .values import Refused, sqlmesh

if TYPE_CHECKING:
    from .session import Session

LOCKED = re.compile(r'Could not set lock on file "(?P<file>[^"]+)".*?(?:\(PID (?P<pid>\d+)\)|$)', re.DOTALL)
LOOK_AGAIN_S = 0.2


def install_patience(session: Session, patient: bool) -> bool:
    """Makes SQLMesh's connections to DuckDB wait for a file that is open elsewhere, or, not patient, say who has it.

    The file is opened by the connection itself or, where a project names catalogs, when its first cursor is prepared.
    Returns whether this version of SQLMesh connects that way.
    """
    module = sqlmesh("core.config.connection")
    owner = getattr(module, "BaseDuckDBConnectionConfig", None) or getattr(module, "DuckDBConnectionConfig", None)
    found = False
    for name in ("_connection_factory", "_cursor_init"):
        original = owner.__dict__.get(name) if owner is not None else None
        if isinstance(original, property) and original.fget is not None:
            setattr(owner, name, property(functools.partial(_waiting, session, patient, original.fget)))
            found = found or name == "_connection_factory"
    return found


def _waiting(session: Session, patient: bool, make: Callable[[Any], Any], config: Any) -> Any:
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
                if not patient:
                    raise Refused(f"{held['file']} is open in {by}; DuckDB admits one process at a time.") from error
            session.cancellation.check()
            if not told:
                session.emitter.notice("info", f"Waits for {held['file']}, which {by} has open.")
                told = True
            time.sleep(LOOK_AGAIN_S)

    return waiting

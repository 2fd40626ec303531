"""Makes SQLMesh ready: hooks and console in their places, then the project's context."""

from __future__ import annotations  # the project's Python may be as old as 3.9

import logging
import sys
from functools import partial
from pathlib import Path
from typing import Any

from .console import make_console
from .files import Patience, install_patience
from .hooks import Hooks
from .session import Session
from .values import Refused, error_sentence, sqlmesh

log = logging.getLogger("runroom.bridge")

READING = ("metadata", "render")
"""The commands whose answer somebody waits for: they do not wait for a database that is in use."""


def open_project(session: Session, load: bool) -> Any:
    """The project's context. `load` reads the project's files; without it only the state is known.

    Raises Refused when SQLMesh is missing or the project does not load.
    """
    if (session.project / "dbt_project.yml").is_file():
        raise Refused(
            f"{session.project} is a dbt project run by SQLMesh, which is not supported: run it with dbt instead."
        )
    _import(session)
    try:
        configs = _configs(session)
        context_class = sqlmesh("core.context").Context
        session.context = context_class(
            paths=[str(session.project)], config=configs, gateway=session.options.gateway, load=load
        )
    except Refused:
        raise
    except Exception as error:
        log.exception("the project does not load")
        raise Refused(f"The project does not load: {error_sentence(error)}") from error
    return session.context


def _import(session: Session) -> None:
    try:
        session.version = str(sqlmesh("_version").__version__)
        sqlmesh("core.context")
    except ImportError as error:
        raise Refused(f"SQLMesh cannot be imported by {sys.executable}: {error}") from error
    Hooks(session).install()
    patience = Patience(
        session.cancellation.check,
        partial(session.emitter.notice, "info"),
        waits=session.options.command not in READING,
    )
    if not install_patience(patience):
        session.degraded.append("waiting_for_files")
    sqlmesh("core.console").set_console(make_console(session))
    session.emitter.emit(
        "ready",
        sqlmesh=session.version,
        python=sys.version.split()[0],
        command=session.options.command,
        degraded=session.degraded,
    )


def _configs(session: Session) -> dict[Path, Any]:
    """The project's configuration with the variables of the command line in it, which win over its own."""
    context_class = sqlmesh("core.context").Context
    configs: dict[Path, Any] = sqlmesh("core.config").load_configs(
        None, context_class.CONFIG_TYPE, [str(session.project)]
    )
    for config in configs.values():
        config.variables.update(session.options.variables)
        for gateway in config.gateways.values() if isinstance(config.gateways, dict) else ():
            gateway.variables.update(session.options.variables)
    return configs

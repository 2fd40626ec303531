"""Has systemd start the engine where it is a service of the user, so that it stays one."""

import os
import subprocess

from engine.client.service import runs_this_runroom, unit_of
from engine.errors import UsageError
from store.paths import WorkspacePaths

_LIMIT_S = 30.0


def restart_service(paths: WorkspacePaths) -> bool:
    """Replaces the engine that runs as a service; returns whether systemd has done it."""
    name = _service(paths)
    return name is not None and _systemctl("is-active", name) and _systemctl("restart", name)


def start_service(paths: WorkspacePaths) -> bool:
    """Starts the engine as a service, where it is one that starts with the session; returns whether systemd did."""
    name = _service(paths)
    return name is not None and _systemctl("is-enabled", name) and _systemctl("start", name)


def _service(paths: WorkspacePaths) -> str | None:
    """The installed unit; None where there is none, or one of another Runroom than this, which would come instead."""
    try:
        unit = unit_of(paths)
    except UsageError:
        return None
    return unit.name if runs_this_runroom(unit) else None


def _systemctl(verb: str, name: str) -> bool:
    try:
        done = subprocess.run(
            ["systemctl", "--user", "--quiet", verb, name],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=_LIMIT_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def engine_variables(paths: WorkspacePaths) -> dict[str, str]:
    """The environment of an engine that is no service: with what the service would have, profiles may need it."""
    try:
        text = paths.engine_environment.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        text = ""
    return {**os.environ, **parse_variables(text)}


def parse_variables(text: str) -> dict[str, str]:
    """Lines `VARIABLE=value`, as systemd reads an EnvironmentFile: comments begin with # or ;, values may be quoted."""
    found: dict[str, str] = {}
    for line in map(str.strip, text.splitlines()):
        name, separator, value = line.partition("=")
        if separator and not line.startswith(("#", ";")):
            found[name.strip()] = _unquoted(value.strip())
    return found


def _unquoted(value: str) -> str:
    quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
    return value[1:-1] if quoted else value

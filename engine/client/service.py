"""The engine as a service of the user's own systemd: it starts with the machine or the session, and comes back."""

import hashlib
import os
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.errors import UsageError
from store.paths import WorkspacePaths

_MARK = "# Written by `runroom engine install`, which writes it anew; make changes with `systemctl --user edit`."
_SYSTEMD_RUNS = Path("/run/systemd/system")
_LINGERING = Path("/var/lib/systemd/linger")


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit file: its name, its place, its text, and the folder that must be there for the log."""

    name: str
    file: Path
    text: str
    record: Path


def unit_of(paths: WorkspacePaths, environ: Mapping[str, str] = os.environ) -> Unit:
    """The unit that runs the engine of a workspace for whoever asks. Raises UsageError for a user without a home."""
    name = unit_name(paths.folder)
    base = environ.get("XDG_CONFIG_HOME") or (f"{environ['HOME']}/.config" if environ.get("HOME") else None)
    if base is None:
        raise UsageError("HOME is not set, so there is no place for a user's own units.")
    return Unit(name, Path(base) / "systemd" / "user" / name, _text(paths, environ.get("PATH", "")), paths.record)


def unit_name(folder: Path) -> str:
    """Tells the workspace by name, and by its path where two have the same name."""
    slug = re.sub(r"[^A-Za-z0-9_-]+", "-", folder.name).strip("-") or "workspace"
    return f"runroom-{slug}-{hashlib.sha256(str(folder).encode()).hexdigest()[:8]}.service"


def _text(paths: WorkspacePaths, path_variable: str) -> str:
    folder = str(paths.folder)
    return "\n".join(
        [
            _MARK,
            "[Unit]",
            f"Description=Runroom engine of {_literal(folder)}",
            "",
            "[Service]",
            _start_line(folder),
            f"WorkingDirectory={_literal(folder)}",
            f"StandardOutput=append:{_literal(str(paths.engine_log))}",
            "StandardError=inherit",
            "# The service stays when there is nothing to do.",
            "Environment=RUNROOM_IDLE_S=inf",
            f"Environment={_quoted(f'PATH={path_variable}')}",
            "# What your profiles need beyond that, a line VARIABLE=value each; keep the file to yourself (chmod 600).",
            f"EnvironmentFile=-{_literal(str(paths.engine_environment))}",
            "# Only the engine is ended with the service: runs go on, and the next engine takes them up.",
            "KillMode=process",
            "# Not when it was asked to stop: `runroom engine stop`, and a newer Runroom that takes its place.",
            "Restart=on-failure",
            "RestartSec=2",
            "",
            "[Install]",
            "WantedBy=default.target",
            "",
        ]
    )


def _start_line(folder: str) -> str:
    words = (sys.executable, "-I", "-m", "engine.daemon", "--workspace", folder)
    return f"ExecStart={' '.join(_quoted(word.replace('$', '$$')) for word in words)}"


def runs_this_runroom(unit: Unit) -> bool:
    """Whether the unit is installed and starts the engine of this installation, in the same words."""
    try:
        lines = unit.file.read_text("utf-8", "replace").splitlines()
    except OSError:
        return False
    return next(line for line in unit.text.splitlines() if line.startswith("ExecStart=")) in lines


def _quoted(word: str) -> str:
    """A word of a command or an assignment, with whatever is in it."""
    escaped = word.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{_literal(escaped)}"'


def _literal(text: str) -> str:
    if "\n" in text:
        raise UsageError(f"A unit file cannot name a path with a line end in it: {text!r}.")
    return text.replace("%", "%%")


def install(unit: Unit, systemd_runs: Path = _SYSTEMD_RUNS) -> None:
    """Writes the unit. Raises UsageError where there is no systemd, or a unit of this name that somebody else wrote."""
    if not systemd_runs.is_dir():
        raise UsageError(
            "This machine does not run systemd, so there is nothing to install a service in; any command starts the "
            'engine where none runs, and "runroom engine install --print" shows what would be written.'
        )
    try:
        if unit.file.exists() and not unit.file.read_text("utf-8", "replace").startswith(_MARK):
            raise UsageError(f"{unit.file} is there already, and Runroom did not write it; it was not changed.")
        unit.record.mkdir(mode=0o700, parents=True, exist_ok=True)
        unit.file.parent.mkdir(parents=True, exist_ok=True)
        unit.file.write_text(unit.text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{unit.file} cannot be written: {error.strerror}.") from error


def lingers(user: str, lingering: Path = _LINGERING) -> bool:
    """Whether the user's services, and all that they started, stay when the user logs out."""
    return (lingering / user).exists()

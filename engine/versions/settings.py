"""What else than the models differs between two runs: how they were asked for, and the packages that they used."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from store.changes import SettingChange
from store.models import RunRequest

PACKAGE_FILES = ("package-lock.yml", "packages.yml", "dependencies.yml")
"""Where dbt keeps what it installs, what is really installed first."""

_COMPARED = ("steps", "target", "branch", "gateway", "timeout_s")
_OPTIONS = ("select", "exclude", "full_refresh", "variables", "threads", "start", "end")


def setting_changes(before: RunRequest, after: RunRequest) -> tuple[SettingChange, ...]:
    """How the two were asked for differently: the job's settings and the options of the run.

    Looks at the interpreters: for a thread.
    """
    pairs = [(name, getattr(before, name), getattr(after, name)) for name in _COMPARED]
    if _interpreter(before.python) != _interpreter(after.python):
        pairs.append(("python", before.python, after.python))
    pairs += [(name, getattr(before.options, name), getattr(after.options, name)) for name in _OPTIONS]
    return tuple(
        SettingChange(name=name, before=_said(former), after=_said(present))
        for name, former, present in pairs
        if former != present
    )


def _interpreter(written: str) -> tuple[Path, Path]:
    """What it is under whichever name: `python` and `python3` of one environment are one, those of two never are."""
    path = Path(written)
    environment = path.parent.parent
    is_environment = (environment / "pyvenv.cfg").is_file()
    return (environment.resolve() if is_environment else Path(), path.resolve())


def package_changes(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[SettingChange, ...]:
    """Packages that came, went or have another version, from the texts of `PACKAGE_FILES` by name."""
    former, present = _packages(before), _packages(after)
    return tuple(
        SettingChange(name=name, before=former.get(name), after=present.get(name))
        for name in sorted(former.keys() | present.keys())
        if former.get(name) != present.get(name)
    )


def _packages(texts: Mapping[str, str]) -> dict[str, str]:
    for file in PACKAGE_FILES:
        listed = _mapping(texts.get(file, "")).get("packages")
        if isinstance(listed, list):
            return {name: version for each in listed if isinstance(each, dict) for name, version in [_package(each)]}
    return {}


def _package(entry: Mapping[str, Any]) -> tuple[str, str]:
    name = next((str(entry[key]) for key in ("package", "git", "local", "tarball", "name") if key in entry), "?")
    return name, _said(entry.get("version") or entry.get("revision")) or "any version"


def _mapping(text: str) -> Mapping[str, Any]:
    try:
        value = yaml.safe_load(text)
    except yaml.YAMLError:
        return {}
    return value if isinstance(value, dict) else {}


def _said(value: object) -> str | None:
    match value:
        case None | () | {}:
            return None
        case bool():
            return "yes" if value else "no"
        case str():
            return value
        case Mapping():
            return json.dumps(value, sort_keys=True, default=str)
        case Sequence():
            return "; ".join(map(str, value))
        case _:
            return f"{value:g}" if isinstance(value, float) else str(value)

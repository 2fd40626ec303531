"""Whether the packages that a dbt project names have to be installed, and which ones are."""

import hashlib
from pathlib import Path
from typing import Any

import yaml

from engine.adapters.dbt.profile import PROJECT_FILE

_FILES = ("packages.yml", "dependencies.yml")
_LOCK_FILE = "package-lock.yml"
_STAMP = ".installed-by-runroom"


def names_packages(project_folder: Path) -> bool:
    """Whether `dbt deps` has anything to install. A file that cannot be read counts: dbt will say what is wrong."""
    return any(_has_packages(project_folder / name) for name in _FILES)


def are_installed(project_folder: Path) -> bool:
    """Whether the packages are there as an earlier run installed them, and what is asked for is still the same.

    Installing again would take the packages away from a run that is reading them.
    """
    try:
        return _stamp_file(project_folder).read_text(encoding="utf-8") == _fingerprint(project_folder)
    except OSError:
        return False


def installed_packages(project_folder: Path) -> dict[str, str]:
    """The versions of the packages that are there, by name, as each says of itself."""
    said = [_read(file) or {} for file in sorted(_packages_folder(project_folder).glob(f"*/{PROJECT_FILE}"))]
    return {str(each["name"]): str(each.get("version") or "of no version") for each in said if each.get("name")}


def note_installed(project_folder: Path) -> None:
    """Remembers, beside the packages, what they were installed for; dbt removes the note with them."""
    stamp = _stamp_file(project_folder)
    if stamp.parent.is_dir():
        stamp.write_text(_fingerprint(project_folder), encoding="utf-8")


def _has_packages(file: Path) -> bool:
    if not file.is_file():
        return False
    value = _read(file)
    return value is None or bool(value.get("packages"))


def _fingerprint(project_folder: Path) -> str:
    digest = hashlib.sha256()
    for name in (*_FILES, _LOCK_FILE):
        file = project_folder / name
        digest.update(f"{name} {file.stat().st_size} ".encode() + file.read_bytes() if file.is_file() else b"-")
    return digest.hexdigest()


def _stamp_file(project_folder: Path) -> Path:
    return _packages_folder(project_folder) / _STAMP


def _packages_folder(project_folder: Path) -> Path:
    folder = (_read(project_folder / PROJECT_FILE) or {}).get("packages-install-path")
    return project_folder / (folder if isinstance(folder, str) else "dbt_packages")


def _read(file: Path) -> dict[str, Any] | None:
    """The mapping in this YAML file, empty for other YAML; None when it cannot be read."""
    try:
        value = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return None
    return value if isinstance(value, dict) else {}

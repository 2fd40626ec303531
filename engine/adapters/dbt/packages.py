"""Whether a dbt project names packages that have to be installed first."""

from pathlib import Path

import yaml

_FILES = ("packages.yml", "dependencies.yml")


def names_packages(project_folder: Path) -> bool:
    """Whether `dbt deps` has anything to install. A file that cannot be read counts: dbt will say what is wrong."""
    return any(_has_packages(project_folder / name) for name in _FILES)


def _has_packages(file: Path) -> bool:
    if not file.is_file():
        return False
    try:
        value = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return True
    return isinstance(value, dict) and bool(value.get("packages"))

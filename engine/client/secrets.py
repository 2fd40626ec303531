"""Takes secrets out of what leaves the workspace: those of this moment's environment and of the project's own files.

What a run wrote was masked with what was secret then; a variable may have become a secret since.
"""

import contextlib
import os
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from engine.adapters.dbt.profile import PROFILES_FILE, profile_folders, secrets_in
from engine.redaction import Redactor

Mask = Callable[[str], str]
"""Gives a text back with `•••` in the place of every secret."""

_SQLMESH_FILES = ("config.yaml", "config.yml")
_DOTENV_LINE = re.compile(r"^\s*(?:export\s+)?(\w+)\s*=\s*(.*?)\s*$", re.MULTILINE)


def mask_for(project_folder: Path | None, environment: Mapping[str, str]) -> Mask:
    """A mask for texts about a project; without its folder, for the environment alone. Reads files: not on a loop."""
    redactor = Redactor(environment)
    if project_folder is not None:
        for secret in _project_secrets(project_folder, environment):
            redactor.hide(secret)
    return redactor.text


def mask_of_now(project_folder: Path | None) -> Mask:
    """The mask with what is secret in this process's own environment. Reads files: not on a loop."""
    return mask_for(project_folder, os.environ)


def _project_secrets(folder: Path, environment: Mapping[str, str]) -> Iterator[str]:
    profiles = profile_folders(environment.get("DBT_PROFILES_DIR"), folder, folder, Path.home())
    for file in (*(place / PROFILES_FILE for place in profiles), *(folder / name for name in _SQLMESH_FILES)):
        yield from secrets_in(_configuration(file), environment)
    # A variable of this file is as secret as one of the environment.
    with contextlib.suppress(OSError, UnicodeDecodeError):
        found = _DOTENV_LINE.findall((folder / ".env").read_text("utf-8"))
        yield from secrets_in({name: value.strip("'\"") for name, value in found}, environment)


def _configuration(file: Path) -> Any:
    """What is written there; None for a file that is not there, or that no tool could use either."""
    with contextlib.suppress(OSError, UnicodeDecodeError, yaml.YAMLError):
        return yaml.safe_load(file.read_text("utf-8"))
    return None

"""Reads a dbt project's targets where dbt itself would find them.

Only the names of profiles and targets are taken; nothing else of a profile, least of all its credentials, leaves here.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.configuration.detect import DBT_FILE
from engine.errors import ConfigurationError

PROFILES_FILE = "profiles.yml"
_ENV_VAR = re.compile(r"""\{\{\s*env_var\(\s*["']([^"']+)["']\s*(?:,\s*["']([^"']*)["']\s*)?\)\s*\}\}""")
# dbt's own name for the target of a profile that names none.
_DBT_DEFAULT_TARGET = "default"


@dataclass(frozen=True, slots=True)
class Targets:
    """The targets of a profile, the default one first, and the file that they stand in."""

    names: tuple[str, ...]
    file: Path


def profiles_file(project: Path, environ: Mapping[str, str]) -> Path | None:
    """The profiles.yml that dbt would use: DBT_PROFILES_DIR decides alone, else the project's folder, else ~/.dbt."""
    if folder := environ.get("DBT_PROFILES_DIR"):
        places = [project / Path(folder).expanduser()]
    else:
        places = [project, Path(environ["HOME"]) / ".dbt"] if environ.get("HOME") else [project]
    return next((place / PROFILES_FILE for place in places if (place / PROFILES_FILE).is_file()), None)


def dbt_targets(project: Path, environ: Mapping[str, str]) -> Targets:
    """The targets of the project's profile. Raises ConfigurationError where dbt would find none either."""
    wanted = _text(_mapping(project / DBT_FILE).get("profile"), environ)
    if not wanted:
        raise ConfigurationError(f"{project / DBT_FILE} names no profile, so its targets are not known.")
    file = profiles_file(project, environ)
    if file is None:
        raise ConfigurationError(
            f'No {PROFILES_FILE} was found for profile "{wanted}" of {project}: '
            "looked in DBT_PROFILES_DIR, the project's folder and ~/.dbt."
        )
    profile = _mapping(file).get(wanted)
    outputs = profile.get("outputs") if isinstance(profile, dict) else None
    if not isinstance(profile, dict) or not isinstance(outputs, dict) or not outputs:
        raise ConfigurationError(f'{file} has no profile "{wanted}" with outputs, which {project / DBT_FILE} names.')
    default = _text(profile.get("target"), environ) or _DBT_DEFAULT_TARGET
    names = [str(name) for name in outputs]
    return Targets(tuple(sorted(names, key=lambda name: name != default)), file)


def _text(value: Any, environ: Mapping[str, str]) -> str:
    """A value with its `env_var` calls answered; anything else of Jinja cannot be known without dbt: empty."""
    text = _ENV_VAR.sub(lambda match: environ.get(match[1], match[2] or ""), str(value or ""))
    return "" if "{{" in text else text.strip()


def _mapping(file: Path) -> dict[str, Any]:
    import yaml  # Only dbt projects need it.

    try:
        value = yaml.safe_load(file.read_text("utf-8"))
    except yaml.MarkedYAMLError as error:
        line = f" in line {error.problem_mark.line + 1}" if error.problem_mark else ""
        raise ConfigurationError(f"{file} is no valid YAML{line}: {error.problem}.") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{file} is no valid YAML text.") from error
    except OSError as error:
        raise ConfigurationError(f"{file} cannot be read: {error.strerror}.") from error
    return value if isinstance(value, dict) else {}

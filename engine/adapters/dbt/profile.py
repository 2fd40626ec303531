"""Finds the dbt profile of a project as dbt would, and says in one sentence what is wrong with it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from engine.redaction import names_a_secret

PROFILES_FILE = "profiles.yml"
PROJECT_FILE = "dbt_project.yml"

_ENV_VAR = re.compile(
    r"""\{\{\s*env_var\(\s*(?P<quote>['"])(?P<name>\w+)(?P=quote)\s*"""
    r"""(?:,\s*(?P<mark>['"])(?P<default>.*?)(?P=mark)\s*)?\)(?:\s*\|\s*[\w ()|]+?)?\s*\}\}"""
)
_JINJA = re.compile(r"\{\{|\{%")
# What dbt's adapters call a password besides the names that look like secrets anyway.
_PLACE = re.compile("(path|file|uri|url)$", re.IGNORECASE)
"""Where a key is kept is no secret, and errors are about just that."""
_MORE_SECRETS = frozenset({"pass", "pwd"})


class ProfileProblem(Exception):
    """dbt could not connect with this profile; the text is one sentence."""


@dataclass(frozen=True, slots=True)
class Profile:
    """The profile and target that dbt is going to use. `adapter` is the type of database, where it is written plainly.

    `secrets` are the values of this file, of any target, that must not be shown.
    """

    file: Path
    name: str | None
    target: str | None
    adapter: str | None
    secrets: tuple[str, ...]

    @property
    def folder(self) -> Path:
        """Where the file is: what dbt calls the profiles directory."""
        return self.file.parent


@dataclass(frozen=True, slots=True)
class ProfileQuestion:
    """What is known before the profile is read; `named` and `target` are given on the command line or by the run."""

    project_folder: Path
    folders: Sequence[Path]
    environment: Mapping[str, str]
    named: str | None = None
    target: str | None = None


def profile_folders(given: str | None, working_folder: Path, project_folder: Path, home: Path) -> list[Path]:
    """Where dbt looks for profiles.yml, in order: the directory that it was given, else the project, else ~/.dbt.

    `given` is `--profiles-dir` or DBT_PROFILES_DIR, relative to the working folder.
    """
    if given:
        return [working_folder / Path(given).expanduser()]
    return list(dict.fromkeys((project_folder, working_folder, home / ".dbt")))


def read_profile(question: ProfileQuestion) -> Profile:
    """The profile that dbt will use. Raises ProfileProblem.

    What Jinja decides at run time (a profile or target computed by an expression) is left for dbt to judge.
    """
    name = question.named or _profile_of_project(question)
    file = _find(question.folders)
    profiles = _load(file)
    secrets = tuple(dict.fromkeys(secrets_in(profiles, question.environment)))
    if name is None:
        return Profile(file, None, question.target, None, secrets)
    if name not in profiles:
        raise ProfileProblem(f"{file} has no profile `{name}`, which this project asks for; it has {_names(profiles)}.")
    target, output = _target_of(file, name, profiles[name], question)
    _require_environment(file, name, output, question.environment)
    adapter = output.get("type")
    return Profile(file, name, target, adapter if isinstance(adapter, str) else None, secrets)


def _profile_of_project(question: ProfileQuestion) -> str | None:
    file = question.project_folder / PROJECT_FILE
    if not file.is_file():
        raise ProfileProblem(f"There is no {PROJECT_FILE} in {question.project_folder}: this is no dbt project.")
    name = _load(file).get("profile")
    if name is None:
        raise ProfileProblem(f"{file} names no profile; add the line `profile: NAME` with a name from {PROFILES_FILE}.")
    return _rendered(str(name), question.environment)


def _find(folders: Sequence[Path]) -> Path:
    for folder in folders:
        if (folder / PROFILES_FILE).is_file():
            return folder / PROFILES_FILE
    looked = " or ".join(str(folder) for folder in folders)
    raise ProfileProblem(f"There is no {PROFILES_FILE} in {looked}; write one, or set DBT_PROFILES_DIR.")


def _load(file: Path) -> Mapping[str, Any]:
    try:
        value = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ProfileProblem(f"{file} cannot be read: {error}.") from error
    except yaml.MarkedYAMLError as error:
        line = f", line {error.problem_mark.line + 1}" if error.problem_mark else ""
        raise ProfileProblem(f"{file}{line}: this is not valid YAML ({error.problem}).") from error
    except yaml.YAMLError as error:
        raise ProfileProblem(f"{file} is not valid YAML: {error}.") from error
    if not isinstance(value, dict):
        raise ProfileProblem(f"{file} is empty or no mapping of names.")
    return value


def _target_of(file: Path, name: str, profile: Any, question: ProfileQuestion) -> tuple[str | None, Mapping[str, Any]]:
    outputs = profile.get("outputs") if isinstance(profile, dict) else None
    if not isinstance(outputs, dict) or not outputs:
        raise ProfileProblem(f"The profile `{name}` in {file} has no `outputs`.")
    # dbt falls back to a target called `default`.
    target = question.target or _rendered(str(profile.get("target") or "default"), question.environment)
    if target is None:
        return None, {}
    output = outputs.get(target)
    if not isinstance(output, dict):
        raise ProfileProblem(f"The profile `{name}` in {file} has no target `{target}`; it has {_names(outputs)}.")
    return target, output


def _require_environment(file: Path, name: str, output: Any, environment: Mapping[str, str]) -> None:
    for _, value in _leaves(output):
        for found in _ENV_VAR.finditer(value):
            if found["default"] is None and found["name"] not in environment:
                raise ProfileProblem(
                    f"The profile `{name}` in {file} needs the environment variable {found['name']}, which is not set."
                )


def _rendered(value: str, environment: Mapping[str, str]) -> str | None:
    """The value with its `env_var(…)` filled in; None when other Jinja, or an unset variable, decides it."""
    missing = [
        found for found in _ENV_VAR.finditer(value) if found["default"] is None and found["name"] not in environment
    ]
    rendered = _ENV_VAR.sub(lambda found: environment.get(found["name"], found["default"] or ""), value)
    return None if missing or _JINJA.search(rendered) else rendered


def secrets_in(value: Any, environment: Mapping[str, str]) -> Iterator[str]:
    """The values of a configuration whose keys name secrets, line by line."""
    for key, leaf in _leaves(value):
        if _is_secret(key):
            rendered = _rendered(leaf, environment)
            # A private key shows up in logs line by line.
            yield from (line for line in (rendered or "").splitlines() if line.strip())


def _is_secret(key: str) -> bool:
    return key.lower() in _MORE_SECRETS or (names_a_secret(key) and not _PLACE.search(key))


def _leaves(value: Any, key: str = "") -> Iterator[tuple[str, str]]:
    match value:
        case dict():
            for name, item in value.items():
                yield from _leaves(item, str(name))
        case list():
            for item in value:
                yield from _leaves(item, key)
        case None | bool():
            return
        case _:
            yield key, str(value)


def _names(values: Mapping[str, Any]) -> str:
    return ", ".join(str(name) for name in values if name != "config") or "none"

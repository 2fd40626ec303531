"""Settings and who decides them: command line > `RUNROOM_…` > runroom.toml > the user's file > default."""

import getpass
import os
from collections.abc import Mapping
from typing import Any

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, InitSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

from engine.configuration.durations import parse_duration
from engine.configuration.file import read_table
from engine.configuration.locate import user_file
from engine.configuration.tables import DurationText, UserTable, WorkspaceTable
from engine.errors import ConfigurationError

ENVIRONMENT_PREFIX = "RUNROOM_"


class Settings(BaseSettings):
    """What holds for a workspace as a whole. `author` is who runs are started by; None is the system's user."""

    model_config = SettingsConfigDict(env_prefix=ENVIRONMENT_PREFIX, frozen=True, extra="forbid")

    name: str | None = Field(default=None, min_length=1)
    max_concurrent_runs: int = Field(default=4, ge=1, le=100)
    cancel_grace: DurationText = "10s"
    author: str | None = Field(default=None, min_length=1)

    @property
    def grace_s(self) -> float:
        """Seconds between the rungs of the cancel ladder."""
        return parse_duration(self.cancel_grace)


def load_settings(written: WorkspaceTable | None = None, command_line: Mapping[str, Any] | None = None) -> Settings:
    """The settings of a workspace whose file says `written`; keys of `command_line` that are None decide nothing.

    Raises ConfigurationError naming the file and key, or the environment variable.
    """
    file = user_file(os.environ)
    user = read_table(file, UserTable) if file is not None and file.is_file() else UserTable()
    return _layered(_decided(command_line or {}), _decided_by(written or WorkspaceTable()), _decided_by(user))


def author(command_line: str | None = None) -> str:
    """Who runs are started by: as named on the command line or in the settings, else the system's user.

    Raises ConfigurationError for a wrong user file or environment variable.
    """
    return load_settings(command_line={"author": command_line}).author or getpass.getuser()


def _decided_by(table: WorkspaceTable | UserTable) -> dict[str, Any]:
    return table.model_dump(exclude_none=True, exclude={"keys"})


def _decided(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value is not None}


def _layered(command_line: dict[str, Any], written: dict[str, Any], user: dict[str, Any]) -> Settings:
    class Layers(Settings):
        @classmethod
        def settings_customise_sources(
            cls,
            settings_cls: type[BaseSettings],
            init_settings: PydanticBaseSettingsSource,
            env_settings: PydanticBaseSettingsSource,
            dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - pydantic passes all sources by name
            file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        ) -> tuple[PydanticBaseSettingsSource, ...]:
            files = (InitSettingsSource(settings_cls, written), InitSettingsSource(settings_cls, user))
            return init_settings, env_settings, *files

    try:
        return Layers(**command_line)
    except ValidationError as error:
        # The files were validated before, the command line by its own parser.
        problem = error.errors(include_url=False)[0]
        variable = f"{ENVIRONMENT_PREFIX}{'_'.join(str(part) for part in problem['loc'])}".upper()
        raise ConfigurationError(f"{variable} in the environment is wrong: {problem['msg']}.") from error

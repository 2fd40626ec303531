"""Runs commands as the console script does, on a record that is known, without an engine."""

import asyncio
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.worlds import World, build_world
from tui.command_line.main import run


@dataclass(frozen=True)
class Spoken:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The printed JSON."""
        return json.loads(self.out)


class CommandLine:
    """Runs commands in a workspace, as though they were typed."""

    def __init__(self, capture: pytest.CaptureFixture[str], folder: Path) -> None:
        self._capture = capture
        self._folder = folder

    def __call__(self, *arguments: str) -> Spoken:
        self._capture.readouterr()
        code = run(["-w", str(self._folder), *arguments])
        spoken = self._capture.readouterr()
        return Spoken(code, spoken.out, spoken.err)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """A workspace with a fortnight of runs, the last of them failed; tests only read it."""
    return asyncio.run(build_world("failed", tmp_path_factory.mktemp("analytics")))


@pytest.fixture(autouse=True)
def no_settings_of_this_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Only what a test sets."""
    monkeypatch.setenv("HOME", str(tmp_path))
    for variable in ("RUNROOM_WORKSPACE", "RUNROOM_DEBUG", "RUNROOM_AUTHOR", "XDG_CONFIG_HOME", "DBT_PROFILES_DIR"):
        monkeypatch.delenv(variable, raising=False)


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str], world: World) -> CommandLine:
    """Runs commands in the known workspace."""
    return CommandLine(capsys, world.paths.folder)

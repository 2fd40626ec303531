"""`runroom engine install` and `runroom engine logs`."""

import subprocess
import sys
from pathlib import Path

import pytest

from store.paths import WorkspacePaths
from tests.tui.command_line.conftest import CommandLine


@pytest.fixture
def paths(tmp_path: Path) -> WorkspacePaths:
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "runroom.toml").touch()
    return WorkspacePaths(folder)


def test_the_unit_is_printed_and_nothing_written(
    command: CommandLine, paths: WorkspacePaths, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "configuration"))
    spoken = command("engine", "install", "--print", "-w", str(paths.folder))
    assert spoken.code == 0
    assert f"WorkingDirectory={paths.folder}" in spoken.out.splitlines()
    assert not (tmp_path / "configuration").exists()


def test_the_last_lines_of_the_log(command: CommandLine, paths: WorkspacePaths) -> None:
    none = command("engine", "logs", "-w", str(paths.folder))
    assert (none.code, none.err) == (2, "runroom: No engine ran here yet, so it has no log.\n")

    paths.record.mkdir()
    paths.engine_log.write_text("".join(f"line {number}\x1b[2J\n" for number in range(100)) + "the last")
    assert command("engine", "logs", "-n", "2", "-w", str(paths.folder)).out == "line 99\nthe last\n"
    assert command("engine", "logs", "-w", str(paths.folder)).out.count("\n") == 50


def test_the_log_is_followed(paths: WorkspacePaths) -> None:
    paths.record.mkdir()
    paths.engine_log.write_text("before\n")
    arguments = ["-P", "-m", "tui.command_line.main", "engine", "logs", "--follow", "-w", str(paths.folder)]
    with subprocess.Popen([sys.executable, *arguments], stdout=subprocess.PIPE, text=True) as following:
        assert following.stdout is not None
        assert following.stdout.readline() == "before\n"
        with paths.engine_log.open("a") as log:
            log.write("after\n")
        assert following.stdout.readline() == "after\n"
        following.kill()

"""The console script as a process of its own."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.worlds import World
from tui.command_line.root import names_no_command

RUNROOM = [sys.executable, "-c", "from tui.command_line.main import main; main()"]


def runroom(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    root = Path(__file__).parents[3]
    return subprocess.run(
        [*RUNROOM, *arguments],
        capture_output=True,
        text=True,
        timeout=30,
        env={"PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "PYTHONPATH": str(root), **environment},
        stdin=subprocess.DEVNULL,
        check=False,
    )


def test_the_workspace_of_the_option_beats_that_of_the_variable(world: World, tmp_path: Path) -> None:
    there = str(world.paths.folder)
    assert runroom("runs", RUNROOM_WORKSPACE=there).stdout.startswith("run ")
    assert runroom("-w", str(tmp_path), "runs", RUNROOM_WORKSPACE=there).returncode == 2
    assert runroom("-w", str(tmp_path), "runs", "-w", there, RUNROOM_WORKSPACE="/nowhere").returncode == 0


def test_a_broken_record_is_a_sentence_and_with_debug_a_traceback(tmp_path: Path) -> None:
    (tmp_path / ".runroom").mkdir()
    (tmp_path / ".runroom" / "store.db").write_text("this is no database, and long enough to be sure of that")
    plain = runroom("-w", str(tmp_path), "show", "1")
    assert plain.returncode == 3
    assert plain.stderr.count("\n") == 1
    assert "Traceback" not in plain.stderr
    assert "Traceback" in runroom("-w", str(tmp_path), "show", "1", "--debug").stderr


def test_a_reader_that_goes_away_is_no_error(world: World) -> None:
    command = f'{sys.executable} -c "from tui.command_line.main import main; main()" logs latest | head -n 1'
    root = Path(__file__).parents[3]
    done = subprocess.run(
        ["/bin/sh", "-c", command],
        capture_output=True,
        text=True,
        timeout=30,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(root), "RUNROOM_WORKSPACE": str(world.paths.folder)},
        check=False,
    )
    assert done.stdout.count("\n") == 1
    assert done.stderr == ""


def test_a_terminal_without_utf8_gets_question_marks(world: World) -> None:
    done = runroom("-w", str(world.paths.folder), "runs", PYTHONIOENCODING="ascii")
    assert done.returncode == 0
    assert "? failed" in done.stdout


@pytest.mark.parametrize("arguments", [("runs",), ("show", "latest"), ("logs", "latest"), ("--help",)])
def test_light_commands_load_neither_the_app_nor_the_network(world: World, arguments: tuple[str, ...]) -> None:
    code = (
        "import sys; from tui.command_line.main import run; run(sys.argv[1:]);"
        "sys.exit(any(name in sys.modules for name in ('textual', 'aiohttp', 'pydantic_settings', 'sqlglot')))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "-w", str(world.paths.folder), *arguments],
        capture_output=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 0


def test_version_and_help() -> None:
    assert runroom("--version").stdout.startswith("runroom ")
    helped = runroom("--help")
    for name in ("demo", "init", "run", "runs", "show", "logs", "artifacts", "cancel", "rerun", "rename", "delete",
                 "watch", "jobs", "environments", "doctor", "engine"):  # fmt: skip
        assert f"\n  {name} " in helped.stdout


@pytest.mark.parametrize(
    ("arguments", "none"),
    [
        ([], True),
        (["--readonly", "-w", "runs"], True),
        (["--workspace", "x", "--debug"], True),
        (["--version"], True),
        (["runs"], False),
        (["-w", "x", "runs"], False),
        (["--help"], False),
    ],
)
def test_commands_are_loaded_where_one_is_named(arguments: list[str], none: bool) -> None:
    assert names_no_command(arguments) is none


def test_what_the_app_needs_not_is_not_loaded_for_it(tmp_path: Path) -> None:
    said = "import sys; from tui.command_line.main import run; run(['--version']); print('|'.join(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", said], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[3]
    )
    loaded = done.stdout.splitlines()[-1].split("|")

    assert "tui.command_line.root" in loaded
    assert not {"tui.command_line.commands", "sqlglot", "aiohttp"} & set(loaded)

"""`failures`: each cause once."""

import asyncio
from pathlib import Path

import pytest

from tests.tui.command_line.conftest import CommandLine
from tests.worlds import World, build_world


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """A workspace in which one cause comes again; tests only read it."""
    return asyncio.run(build_world("recurring", tmp_path_factory.mktemp("analytics")))


def test_a_row_for_each_cause(command: CommandLine, world: World) -> None:
    lines = command("failures").out.splitlines()

    assert lines[0].split() == ["cause", "failures", "runs", "first", "seen", "last", "seen", "latest", "example"]
    assert len(lines) == 3
    missing = next(line for line in lines if "Binder Error" in line).split()
    assert missing[1:3] == ["4", "3"]
    assert f"#{world.runs['failed']}" in missing


def test_as_json(command: CommandLine, world: World) -> None:
    causes = command("failures", "--json").json

    missing = next(cause for cause in causes if cause["failures"] == 4)
    assert missing.keys() == {"cause", "failures", "runs", "first_seen", "last_seen", "pattern", "example"}
    assert missing["pattern"] == 'Binder Error: Referenced column "…" not found in FROM clause!'
    assert missing["first_seen"] == {"run": world.runs["failed-before"], "at": "2026-11-19T13:03:59.000Z"}
    assert missing["last_seen"]["run"] == world.runs["failed"]


def test_only_some_runs(command: CommandLine, world: World) -> None:
    assert [cause["failures"] for cause in command("failures", "--job", "hourly", "--json").json] == [1]
    assert [cause["failures"] for cause in command("failures", "--last", "1", "--json").json] == [2, 1]
    assert command("failures", "--job", "flights/nothing").out == "Nothing failed in such runs.\n"


def test_bad_input_is_one_sentence(command: CommandLine) -> None:
    spoken = command("failures", "--since", "soon")
    assert (spoken.code, spoken.out) == (2, "")
    assert (
        spoken.err == 'runroom: --since: "soon" is not a length of time; write it like "30s", "90m", "2h" or "1h30m".\n'
    )
    long_ago = command("failures", "--since", "9999999999d")
    assert (long_ago.code, "is before the first date" in long_ago.err) == (2, True)
    assert command("failures", "--last", "0").code == 2


def test_nothing_was_recorded_yet(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "runroom.toml").write_text("")
    assert CommandLine(capsys, tmp_path)("failures").out == "Nothing failed.\n"

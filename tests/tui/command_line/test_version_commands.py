"""The commands about versions, on a record with real ones; what needs an engine is tried with real dbt elsewhere."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.version_worlds import give_versions
from tests.worlds import World, build_world
from tui.command_line.main import run

COMPLETED, FAILED = "completed", "failed"


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A record whose last two runs have versions."""
    made = asyncio.run(build_world("failed", tmp_path))
    (tmp_path / "runroom.toml").write_text("")
    asyncio.run(give_versions(made))
    return made


@pytest.fixture
def command(world: World, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Runs a command in the world: its exit code and what it printed."""

    def call(*arguments: str) -> tuple[int, str, str]:
        code = run(["-w", str(world.paths.folder), *arguments])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return call


Command = Callable[..., tuple[int, str, str]]


def test_changes_since_an_earlier_run(world: World, command: Command) -> None:
    failed, completed = str(world.runs[FAILED]), world.runs[COMPLETED]

    code, out, _ = command("changes", failed, "--since", str(completed))

    assert code == 0
    assert f"since #{completed}" in out
    assert "~ models/intermediate/int_delays.sql" in out


def test_changes_as_json(world: World, command: Command) -> None:
    _, out, _ = command("changes", str(world.runs[FAILED]), "--since", "last-good", "--json")

    said = json.loads(out)
    assert said["since"] == world.runs[COMPLETED]
    assert said["files"] == [{"path": "models/intermediate/int_delays.sql", "change": "modified"}]


def test_a_run_is_compared_with_earlier_ones_only(world: World, command: Command) -> None:
    code, _, err = command("changes", str(world.runs[COMPLETED]), "--since", str(world.runs[FAILED]))

    assert code == 2
    assert "is no earlier run of flights" in err


def test_where_nothing_was_recorded_a_sentence_says_so(world: World, command: Command) -> None:
    code, _, err = command("files", str(world.runs["night-2"]))

    assert (code, err.strip()) == (2, f"runroom: The files of run #{world.runs['night-2']} were not recorded.")


def test_files_are_listed_and_printed(world: World, command: Command) -> None:
    _, listed, _ = command("files", str(world.runs[FAILED]), "--json")
    code, _, err = command("files", str(world.runs[FAILED]), "nope.sql")

    assert [file["path"] for file in json.loads(listed)] == [
        "dbt_project.yml",
        "models/intermediate/int_delays.sql",
        "models/intermediate/int_flown_flights.sql",
        "models/staging/stg_flights.sql",
    ]
    assert (code, 'There was no "nope.sql"' in err) == (2, True)


def test_what_changes_files_asks_first(world: World, command: Command) -> None:
    code, _, err = command("restore", str(world.runs[COMPLETED]))

    assert (code, "say --yes" in err) == (2, True)


def test_a_run_that_is_not_there_goes_before_the_question(command: Command) -> None:
    code, _, err = command("restore", "999")
    assert (code, err) == (2, "runroom: There is no run #999.\n")


def test_one_way_to_run_again_at_a_time(world: World, command: Command) -> None:
    code, _, err = command("rerun", str(world.runs[FAILED]), "--failed", "--same-version")

    assert (code, "choose one" in err) == (2, True)


def test_a_shown_run_says_what_changed(world: World, command: Command) -> None:
    _, out, _ = command("show", str(world.runs[FAILED]))

    assert f"Changes since #{world.runs[COMPLETED]}" in out
    assert "~ modified    int_delays" in out

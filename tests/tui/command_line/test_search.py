"""`search`: one pattern in the logs of many runs."""

import asyncio

import pytest

from tests.tui.command_line.conftest import CommandLine
from tests.worlds import World, build_world


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """A workspace in which one cause comes again; tests only read it."""
    return asyncio.run(build_world("recurring", tmp_path_factory.mktemp("analytics")))


def test_lines_stand_under_their_run_and_step_with_counts_of_models(command: CommandLine, world: World) -> None:
    lines = command("search", "binder error").out.splitlines()

    assert lines[0].startswith(f"#{world.runs['failed']} nightly · flights/prod  ✗ failed  2026-11-2")
    assert lines[1] == "  build"
    assert "ERROR [int_aircraft_rotations]   Binder Error" in lines[2]
    assert lines[4] == "    2 lines: int_aircraft_rotations 1, int_delays 1"
    assert lines[-1].startswith("4 lines in 3 runs; searched 19 runs, ")


def test_json_says_where_every_line_is(command: CommandLine, world: World) -> None:
    told = command("search", "Binder", "--run", "latest", "--json").json

    assert told.keys() == {"lines", "counts", "runs_searched", "bytes_searched", "unread", "complete"}
    first = told["lines"][0]
    assert first.keys() == {"run", "step", "model", "log", "offset", "time", "level", "text"}
    assert (first["run"], first["step"], first["model"]) == (world.runs["failed"], "build", "int_aircraft_rotations")
    content = (world.paths.run(first["run"]).folder / first["log"]).read_text()
    assert content[first["offset"] :].splitlines()[0].endswith(first["text"])
    assert {"run": world.runs["failed"], "step": "build", "model": "int_delays", "lines": 1} in told["counts"]
    assert told["runs_searched"] == 1


def test_only_some_runs(command: CommandLine, world: World) -> None:
    def runs(*options: str) -> set[int]:
        return {line["run"] for line in command("search", "binder", "--json", *options).json["lines"]}

    assert runs("--job", "hourly") == {world.runs["failed-alike"]}
    assert runs("--job", "flights/nightly", "--last", "1") == {world.runs["failed"]}
    assert runs("--last", "2") == {world.runs["failed"], world.runs["failed-alike"]}


def test_nothing_found(command: CommandLine) -> None:
    spoken = command("search", "no such words")
    assert spoken.code == 0
    assert spoken.out.startswith('No line with "no such words"; searched 19 runs, ')
    assert command("search", "no such words", "--json").json["lines"] == []


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["(", "--regex"], "( is no regular expression"),
        ([""], "An empty pattern is in every line"),
        (["x", "--run", "1", "--last", "2"], "--run names one run"),
        (["x", "--run", "9999"], "There is no run #9999."),
        (["x", "--run", "blah"], '"blah" is no run'),
    ],
)
def test_bad_input_is_one_sentence(command: CommandLine, arguments: list[str], sentence: str) -> None:
    spoken = command("search", *arguments)
    assert spoken.code == 2
    assert sentence in spoken.err
    assert len(spoken.err.splitlines()) == 1


def test_a_log_cannot_command_the_terminal(command: CommandLine, world: World) -> None:
    log = world.paths.run(world.runs["check"]).logs / "03-build.log"
    log.write_bytes(b"2026-11-21T13:00:00.000Z INFO  evil \x1b]0;owned\x07\x1b[2J done\n")
    assert "\x1b" not in command("search", "evil").out
    assert "\\u001b" in command("search", "evil", "--json").out

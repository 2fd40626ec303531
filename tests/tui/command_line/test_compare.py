"""`runroom compare`."""

import pytest

from tests.tui.command_line.conftest import CommandLine
from tests.worlds import World


@pytest.fixture
def pair(world: World) -> tuple[str, str]:
    failed = world.runs["failed"]
    return str(failed - 1), str(failed)


def test_it_shows_the_figures_and_what_differs(command: CommandLine, pair: tuple[str, str]) -> None:
    said = command("compare", *pair).out
    assert "✓ completed ★" in said
    assert "4 models and 8 audits differ." in said
    assert "int_delays" in said
    assert "stg_airports" not in said
    assert "stg_airports" in command("compare", *pair, "--all").out


def test_it_says_the_same_as_json(command: CommandLine, pair: tuple[str, str]) -> None:
    told = command("compare", *pair, "--json").json
    assert [run["status"] for run in told["runs"]] == ["completed", "failed"]
    assert "status" in told["runs"][0]["best"]
    first = told["rows"][0]
    assert (first["name"], first["differs"]) == ("int_delays", True)
    assert [cell["status"] for cell in first["runs"]] == ["succeeded", "failed"]
    assert "Binder Error" in first["runs"][1]["error"]


@pytest.mark.parametrize("runs", [["latest"], ["latest", "latest"], ["1", "2", "3", "4", "5"]])
def test_too_few_too_many_or_the_same_are_refused(command: CommandLine, runs: list[str]) -> None:
    refused = command("compare", *runs)
    assert (refused.code, refused.out) == (2, "")
    assert "Two, three or four different runs" in refused.err


def test_a_run_that_is_not_there_is_named(command: CommandLine) -> None:
    refused = command("compare", "latest", "999")
    assert refused.code == 2
    assert "#999" in refused.err

"""`runroom hosts`."""

import json
from pathlib import Path

import pytest

from tests.tui.command_line.conftest import CommandLine
from tests.worlds import World

EXPECTED = [{"name": "lab-1", "addresses": []}]


@pytest.fixture
def failed(world: World) -> str:
    return str(world.runs["failed"])


def test_each_host_is_printed_once_however_many_runs_used_it(command: CommandLine, failed: str) -> None:
    assert command("hosts", failed).out == "lab-1\n"
    assert command("hosts", failed, str(int(failed) - 1)).out == "lab-1\n"
    assert command("hosts", failed, "--json").json == EXPECTED


def test_it_writes_a_file_and_never_over_another_one_unasked(command: CommandLine, failed: str, tmp_path: Path) -> None:
    target = tmp_path / "hosts.json"
    said = command("hosts", failed, "--output", str(target), "--json")
    assert (said.code, said.out) == (0, f"1 host in {target}\n")
    assert json.loads(target.read_text()) == EXPECTED
    refused = command("hosts", failed, "-o", str(target))
    assert refused.code == 2
    assert "exists already; --force overwrites it" in refused.err
    assert json.loads(target.read_text()) == EXPECTED
    assert command("hosts", failed, "-o", str(target), "--force").code == 0
    assert target.read_text() == "lab-1\n"


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("--output", "{tmp}/none/hosts.txt"), "No such file or directory"),
        (("--output", "{tmp}", "--force"), "cannot be written"),
        (("--force",), "--force overwrites the file of --output"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(
    command: CommandLine, failed: str, tmp_path: Path, arguments: tuple[str, ...], why: str
) -> None:
    folder = tmp_path / "x"
    folder.mkdir()
    refused = command("hosts", failed, *(each.format(tmp=folder) for each in arguments))
    assert (refused.code, refused.out) == (2, "")
    assert why in refused.err
    assert list(tmp_path.rglob("*.partial")) == []

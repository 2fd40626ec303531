"""`bundle`: one file with what there is to know of a run."""

from pathlib import Path

import pytest

from tests.tui.command_line.conftest import CommandLine
from tests.worlds import World


def test_the_short_form_is_printed_and_the_file_named(command: CommandLine, world: World, tmp_path: Path) -> None:
    target = tmp_path / "incident.tar.gz"
    spoken = command("bundle", "latest", "--output", str(target))

    assert spoken.code == 0
    assert spoken.out.startswith(f"**Run {world.runs['failed']} nightly · flights/prod: failed**")
    assert spoken.out.splitlines()[-1].startswith(f"{target} (")
    assert target.is_file()


def test_it_goes_into_the_present_folder(command: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    told = command("bundle", "1", "--json").json
    assert told["file"] == str(tmp_path / "runroom-run-1.tar.gz")
    assert told["size"] == Path(told["file"]).stat().st_size
    assert "summary.md" in told["files"]


def test_another_file_is_overwritten_only_by_force(command: CommandLine, tmp_path: Path) -> None:
    target = tmp_path / "mine"
    target.write_text("precious")

    spoken = command("bundle", "1", "-o", str(target))
    assert (spoken.code, spoken.out) == (2, "")
    assert spoken.err == f"runroom: {target} exists already; --force overwrites it, --output names another file.\n"
    assert target.read_text() == "precious"
    assert command("bundle", "1", "-o", str(target), "--force").code == 0


def test_bad_input_is_one_sentence(command: CommandLine, tmp_path: Path) -> None:
    assert command("bundle", "9999").err == "runroom: There is no run #9999.\n"
    spoken = command("bundle", "1", "-o", str(tmp_path / "nowhere" / "x"))
    assert (spoken.code, len(spoken.err.splitlines())) == (2, 1)

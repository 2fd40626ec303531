"""`runroom keys`."""

from pathlib import Path

from tests.tui.command_line.conftest import CommandLine
from tui.keymap import KEYS


def test_every_key_is_listed(command: CommandLine) -> None:
    spoken = command("keys")
    assert spoken.code == 0
    assert [line.split()[0] for line in spoken.out.splitlines()[1:]] == [key.id for key in KEYS]
    assert next(line for line in spoken.out.splitlines() if line.startswith("run.stop ")).split() == [
        *("run.stop", "x", "stop", "the", "run", "asks", "first")
    ]


def test_they_are_as_remapped(command: CommandLine, tmp_path: Path) -> None:
    own = tmp_path / ".config" / "runroom" / "config.toml"
    own.parent.mkdir(parents=True)
    own.write_text('[keys]\nrun.stop = "ctrl+x"\n')
    (found,) = [key for key in command("keys", "--json").json if key["id"] == "run.stop"]
    assert found == {
        "id": "run.stop",
        "keys": ["ctrl+x"],
        "help": "stop the run",
        "acts": True,
        "dangerous": True,
        "remapped": True,
    }


def test_a_wrong_key_is_one_sentence(command: CommandLine, tmp_path: Path) -> None:
    own = tmp_path / ".config" / "runroom" / "config.toml"
    own.parent.mkdir(parents=True)
    own.write_text('[keys]\nrun.stpo = "ctrl+x"\n')
    spoken = command("keys")
    assert (spoken.code, spoken.out) == (2, "")
    assert (
        spoken.err == f"runroom: {own}: There is no key 'run.stpo' to give another place to. Did you mean run.stop?\n"
    )

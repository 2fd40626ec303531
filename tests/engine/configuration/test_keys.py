"""The `[keys]` tables."""

from pathlib import Path

import pytest

from engine.configuration.keys import written_keys
from engine.configuration.workspace import load_workspace
from engine.errors import ConfigurationError


@pytest.fixture
def file(bare_home: Path) -> Path:
    """The `runroom.toml` of a workspace."""
    return bare_home / "runroom.toml"


def test_ids_are_understood_with_and_without_quotes(file: Path) -> None:
    file.write_text('[keys]\nrun.stop = "f9"\n"run.rerun" = "f8"\n')
    (written,) = written_keys(file.parent)
    assert (written.file, written.keys) == (file, {"run.stop": "f9", "run.rerun": "f8"})


def test_a_file_without_keys_and_no_file_say_nothing(file: Path) -> None:
    assert written_keys(file.parent) == ()
    file.write_text('[workspace]\nname = "analytics"\n')
    assert written_keys(file.parent) == ()


def test_the_rest_of_the_configuration_holds_beside_them(file: Path) -> None:
    own = file.parent / ".config" / "runroom" / "config.toml"
    own.parent.mkdir(parents=True)
    own.write_text('max_concurrent_runs = 2\n[keys]\nrun.stop = "f9"\n')
    file.write_text('[workspace]\nname = "analytics"\n[keys]\nrun.stop = "f8"\n')
    workspace = load_workspace(file.parent)
    assert (workspace.name, workspace.max_concurrent_runs) == ("analytics", 2)


@pytest.mark.parametrize(
    ("text", "problem"),
    [('keys = "x"', "keys has to be a table"), ("[keys]\nrun.stop = 9", r"keys\.run\.stop has to be a text")],
)
def test_what_is_no_text_is_refused(file: Path, text: str, problem: str) -> None:
    file.write_text(text)
    with pytest.raises(ConfigurationError, match=rf"runroom\.toml: {problem}"):
        written_keys(file.parent)


def test_a_file_that_is_no_toml_is_left_to_who_reads_all_of_it(file: Path) -> None:
    file.write_text("[keys")
    assert written_keys(file.parent) == ()
    with pytest.raises(ConfigurationError, match="no valid TOML"):
        load_workspace(file.parent)

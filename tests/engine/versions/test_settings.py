"""Which settings count as changed between two runs."""

from pathlib import Path

import pytest

from engine.versions.settings import setting_changes
from store.changes import SettingChange
from tests.store.making import request


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """An interpreter as a system has it: a file, and another name for it."""
    folder = tmp_path / "system" / "bin"
    folder.mkdir(parents=True)
    (folder / "python3.11").touch()
    (folder / "python3").symlink_to("python3.11")
    return folder / "python3"


def environment(folder: Path, base: Path) -> Path:
    """A virtual environment over an interpreter; gives the folder of its programs."""
    programs = folder / "bin"
    programs.mkdir(parents=True)
    (folder / "pyvenv.cfg").touch()
    (programs / "python").symlink_to(base)
    (programs / "python3").symlink_to("python")
    return programs


def changed(before: Path, after: Path) -> tuple[SettingChange, ...]:
    return setting_changes(request(1, python=str(before)), request(2, python=str(after)))


def test_another_name_of_one_interpreter_is_no_change(base: Path, tmp_path: Path) -> None:
    programs = environment(tmp_path / "venv", base)

    assert changed(programs / "python3", programs / "python") == ()
    assert changed(base, base.with_name("python3.11")) == ()


def test_two_environments_over_one_interpreter_are_two(base: Path, tmp_path: Path) -> None:
    one, other = environment(tmp_path / "one", base) / "python", environment(tmp_path / "other", base) / "python"

    assert changed(one, other) == (SettingChange(name="python", before=str(one), after=str(other)),)
    assert changed(base, one) == (SettingChange(name="python", before=str(base), after=str(one)),)


def test_interpreters_that_are_gone_go_by_their_names(tmp_path: Path) -> None:
    assert changed(tmp_path / "gone", tmp_path / "gone") == ()
    assert [each.name for each in changed(tmp_path / "gone", tmp_path / "other")] == ["python"]

from pathlib import Path

import pytest

from engine.configuration.locate import find_workspace
from engine.errors import NoWorkspace
from tests.engine.configuration.conftest import MakeProject, WriteFile


def test_the_nearest_file_upward(tmp_path: Path, write_toml: WriteFile, make_dbt: MakeProject) -> None:
    write_toml("")
    deep = make_dbt("projects/flights") / "models"
    deep.mkdir()
    assert find_workspace(deep).folder == tmp_path


def test_a_record_marks_a_workspace_as_a_file_does(tmp_path: Path, make_dbt: MakeProject) -> None:
    make_dbt("flights")
    (tmp_path / ".runroom").mkdir()
    assert find_workspace(tmp_path / "flights").folder == tmp_path


def test_a_project_without_any_is_its_own_workspace_from_within(make_dbt: MakeProject) -> None:
    project = make_dbt("flights")
    (project / "models").mkdir()
    assert find_workspace(project / "models").folder == project


def test_a_folder_above_projects(tmp_path: Path, make_dbt: MakeProject) -> None:
    make_dbt("group/flights")
    assert find_workspace(tmp_path).folder == tmp_path


def test_nothing_here(tmp_path: Path) -> None:
    with pytest.raises(NoWorkspace, match=r"has no runroom\.toml and no dbt or SQLMesh project"):
        find_workspace(tmp_path)
    with pytest.raises(NoWorkspace, match="There is no folder"):
        find_workspace(tmp_path / "missing")

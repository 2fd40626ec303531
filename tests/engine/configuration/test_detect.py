from pathlib import Path

import pytest

from engine.configuration.detect import detect_projects, is_project, tool_of
from engine.errors import ConfigurationError
from tests.engine.configuration.conftest import MakeProject


def test_a_dbt_project_is_called_as_it_calls_itself(tmp_path: Path, make_dbt: MakeProject) -> None:
    make_dbt(name="jaffle_shop")
    (project,) = detect_projects(tmp_path).projects
    assert (project.name, project.tool, project.path) == ("jaffle_shop", "dbt", ".")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("config.yaml", "model_defaults:\n  dialect: duckdb\n"),
        ("config.yml", "gateways: {}\n"),
        ("config.py", "from sqlmesh.core.config import Config\n"),
        ("sqlmesh.yaml", "anything: true\n"),
    ],
)
def test_the_files_that_sqlmesh_looks_for(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    assert tool_of(tmp_path) == "sqlmesh"


@pytest.mark.parametrize(("name", "text"), [("config.yaml", "debug: true\n"), ("config.py", "SQLMESH = 'import'\n")])
def test_a_config_file_of_another_program_is_no_project(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    assert not is_project(tmp_path)


def test_a_dbt_project_run_by_sqlmesh_is_refused_with_the_way_out(
    tmp_path: Path, make_dbt: MakeProject, make_sqlmesh: MakeProject
) -> None:
    make_dbt()
    make_sqlmesh()
    with pytest.raises(ConfigurationError, match=r'dbt project that SQLMesh runs .* with tool = "dbt"'):
        tool_of(tmp_path)
    found = detect_projects(tmp_path)
    assert found.projects == ()
    assert "config.yaml beside dbt_project.yml" in found.problems[0]


def test_finds_projects_two_folders_down_and_no_deeper(
    tmp_path: Path, make_dbt: MakeProject, make_sqlmesh: MakeProject
) -> None:
    make_dbt("one", name="one")
    make_sqlmesh("group/mesh")
    make_dbt("a/b/too_deep", name="too_deep")
    assert [(project.name, project.path) for project in detect_projects(tmp_path).projects] == [
        ("mesh", "./group/mesh"),
        ("one", "./one"),
    ]


def test_does_not_search_copies_of_other_projects(tmp_path: Path, make_dbt: MakeProject) -> None:
    make_dbt("dbt_packages/dbt_utils", name="dbt_utils")
    make_dbt(".hidden/x", name="x")
    assert detect_projects(tmp_path).projects == ()


def test_projects_of_one_name_get_names_of_their_own(tmp_path: Path, make_dbt: MakeProject) -> None:
    make_dbt("a/shop", name="shop")
    make_dbt("b/shop", name="shop")
    assert [project.name for project in detect_projects(tmp_path).projects] == ["shop", "b_shop"]


def test_uses_the_projects_own_virtual_environment_where_the_tool_is_in_it(
    tmp_path: Path, make_dbt: MakeProject
) -> None:
    programs = make_dbt("one") / ".venv" / "bin"
    programs.mkdir(parents=True)
    (programs / "python").touch()
    assert detect_projects(tmp_path).projects[0].python is None
    (programs / "dbt").touch()
    assert detect_projects(tmp_path).projects[0].python == "./one/.venv/bin/python"


def test_an_unreadable_folder_hides_nothing_else(tmp_path: Path, make_dbt: MakeProject) -> None:
    make_dbt("one", name="one")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    assert [project.name for project in detect_projects(tmp_path).projects] == ["one"]

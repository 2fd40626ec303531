"""Which environments a request may name."""

from pathlib import Path

import pytest

from engine.configuration.workspace import Workspace
from engine.errors import UsageError
from engine.places import with_new
from store.models import Environment, Project
from store.paths import WorkspacePaths

MESH = Project(name="mesh", tool="sqlmesh", path="mesh")
OTHER_MESH = Project(name="other", tool="sqlmesh", path="other")
FLIGHTS = Project(name="flights", tool="dbt", path="flights")


def workspace(*projects: Project) -> Workspace:
    return Workspace(
        paths=WorkspacePaths(Path("/nowhere")),
        name="w",
        projects=projects,
        environments=(Environment(project=projects[0].name, name="prod", target="prod"),),
    )


def test_a_new_environment_is_one_of_the_only_sqlmesh_project() -> None:
    made = with_new(workspace(MESH, FLIGHTS), "dev_anna").environments[-1]
    assert (made.project, made.name, made.target) == ("mesh", "dev_anna", "dev_anna")


def test_one_that_is_there_is_not_made_again() -> None:
    before = workspace(MESH)
    assert with_new(before, "prod") is before
    assert with_new(before, "mesh/prod") is before


@pytest.mark.parametrize(
    ("projects", "reference", "said"),
    [
        ((FLIGHTS,), "dev_anna", "no SQLMesh project"),
        ((MESH, OTHER_MESH), "dev_anna", "mesh, other"),
        ((MESH, FLIGHTS), "flights/dev_anna", "no SQLMesh project"),
        ((MESH,), "dev anna; drop", "letters, digits"),
        ((MESH,), "", "letters, digits"),
    ],
)
def test_what_cannot_be_made_says_why(projects: tuple[Project, ...], reference: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        with_new(workspace(*projects), reference)


def test_two_projects_need_the_name_of_one() -> None:
    made = with_new(workspace(MESH, OTHER_MESH), "other/dev_anna").environments[-1]
    assert made.project == "other"

"""Whatever cannot be done is answered with one sentence and exit code 2."""

import sys

import pytest

from tests.integration.sqlmesh.bridge_process import Ended
from tests.integration.sqlmesh.lab import Lab

pytestmark = [pytest.mark.real_tool, pytest.mark.timeout(300)]


def refusal(ended: Ended) -> str:
    assert ended.exit_code == 2, ended.describe()
    message: str = ended.one("error")["message"]
    assert ended.one("finished")["status"] == "refused"
    assert "\n" not in message
    return message


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("deploy",), "invalid choice: 'deploy'"),
        (("run", "--speed", "9"), "Unrecognized arguments: --speed 9"),
        (("run", "--var", "nothing"), "'nothing' is not key=value"),
        (("plan", "--category", "big"), "'big' is neither breaking nor non_breaking"),
        (("render",), "render needs --model NAME"),
        (("repair",), "repair needs at least one --interval"),
    ],
)
def test_wrong_arguments(empty: Lab, arguments: tuple[str, ...], sentence: str) -> None:
    assert sentence in refusal(empty.run(*arguments))


def test_folder_that_is_no_project(empty: Lab) -> None:
    assert "The project does not load: SQLMesh project config could not be found" in refusal(empty.run("run"))


def test_dbt_project_run_by_sqlmesh_is_out_of_scope(empty: Lab) -> None:
    empty.write("dbt_project.yml", "name: flights")
    assert "run it with dbt instead" in refusal(empty.run("plan"))


def test_interpreter_without_sqlmesh(empty: Lab) -> None:
    ended = empty.run("run", python=(sys.executable, "-I", "-S"))
    assert f"SQLMesh cannot be imported by {sys.executable}" in refusal(ended)


def test_model_that_does_not_parse(fresh: Lab) -> None:
    fresh.write("models/total.sql", "MODEL (name lab.total, kind FULL);\n\nSELECT FROM WHERE")
    assert "The project does not load: Failed to load model" in refusal(fresh.run("plan"))


def test_repair_of_an_unknown_model(lab: Lab) -> None:
    ended = lab.run("repair", "--interval", "lab.nothing", "2026-01-01", "2026-01-02")
    assert "Environment prod has no model lab.nothing" in refusal(ended)


def test_category_of_an_unknown_model(lab: Lab) -> None:
    assert "no model lab.nothing" in refusal(lab.run("plan", "--skip-tests", "--category", "lab.nothing=breaking"))

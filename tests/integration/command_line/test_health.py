"""Whether all is well, as the command line says it: runs that build nothing, plans that are only shown."""

from pathlib import Path

import pytest

from tests.integration.command_line.conftest import MakeShell
from tests.integration.dbt.projects import write_shop

pytestmark = [pytest.mark.real_tool, pytest.mark.timeout(300)]


def test_what_builds_nothing_and_what_is_only_shown_make_nothing_good(tmp_path: Path, shell_in: MakeShell) -> None:
    shell = shell_in(write_shop(tmp_path / "shop"))
    assert shell("run", "build").returncode == 1

    empty = shell("run", "build", "--select", "nope_x")
    assert empty.returncode == 1
    assert "#2 ∅ empty" in empty.stdout
    assert "nothing was built: nope_x matches nothing" in empty.stdout
    assert shell.json("show", "2")["built_nothing"]

    shown = shell("plan", "dev")
    assert shown.returncode == 0, shown.stderr
    plan = shell.json("show", "3")
    assert (plan["preview"], plan["models"], plan["counts"]["models"]["total"]) == (True, [], 0)
    assert plan["plan"]["steps"][0]["models"]
    assert "◌ shown" in shell("runs").stdout

    failed = shell.json("show", "1")
    assert (failed["superseded_by"], failed["handling"]) == (None, "new")
    environment = next(each for each in shell.json("environments") if each["name"] == "dev")
    assert environment["last_plan"] is None
    assert {node["run"] for node in environment["failing"]} == {1}
    names = {model["name"] for model in failed["models"] if model["status"] == "failed"}
    assert names <= {node["name"] for node in environment["failing"]}

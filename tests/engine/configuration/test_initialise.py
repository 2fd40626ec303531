from datetime import time
from pathlib import Path

import pytest

from engine.configuration.initialise import write_configuration
from engine.configuration.workspace import load_workspace
from engine.errors import ConfigurationError, UsageError
from engine.notifications.channel import QuietHours
from store.models import Job
from tests.engine.configuration.conftest import MakeProject


@pytest.mark.parametrize("layout", ["one", "two"])
def test_the_written_file_says_what_was_implied(
    tmp_path: Path, make_dbt: MakeProject, make_sqlmesh: MakeProject, layout: str
) -> None:
    if layout == "one":
        make_dbt()
    else:
        make_dbt("flights")
        make_sqlmesh("mesh")
    before = load_workspace(tmp_path)
    assert write_configuration(tmp_path) == tmp_path / "runroom.toml"
    assert load_workspace(tmp_path) == before


def test_its_example_job_holds_when_its_marks_are_taken_off(tmp_path: Path, make_dbt: MakeProject) -> None:
    make_dbt()
    file = write_configuration(tmp_path)
    head, mark, example = file.read_text().partition("# [jobs.nightly]")
    file.write_text(head + (mark + example).replace("\n# ", "\n").removeprefix("# "))
    workspace = load_workspace(tmp_path)
    nightly, (oncall,) = workspace.jobs[0], workspace.channels
    assert (oncall.name, oncall.url) == ("oncall", "$ONCALL_URL")
    assert set(oncall.occasions) == {"failure", "recovery"}
    assert oncall.quiet == QuietHours(time(22), time(7), "Europe/Berlin")
    assert nightly == Job(
        project="flights",
        name="nightly",
        environment="prod",
        steps=("build",),
        schedule="0 3 * * *",
        timezone="Europe/Berlin",
        timeout_s=7200,
        retries=2,
        retry="failed",
        priority=10,
    )


def test_what_an_environment_may_choose_of_its_tool_holds_when_its_marks_are_taken_off(
    tmp_path: Path, make_dbt: MakeProject, make_sqlmesh: MakeProject
) -> None:
    make_dbt("flights")
    make_sqlmesh("mesh")
    file = write_configuration(tmp_path)
    file.write_text(file.read_text().replace("# gateway =", "gateway =").replace("# variables =", "variables ="))
    workspace = load_workspace(tmp_path)
    chosen = {place.project: (place.gateway, place.variables) for place in workspace.environments}
    assert chosen == {"flights": (None, {"since": "2013-01-01"}), "mesh": ("warehouse", {"since": "2013-01-01"})}


def test_never_writes_over_a_file(tmp_path: Path, make_dbt: MakeProject) -> None:
    make_dbt()
    file = write_configuration(tmp_path)
    file.write_text('[workspace]\nname = "mine"\n')
    with pytest.raises(UsageError, match="is there already; it was not changed"):
        write_configuration(tmp_path)
    assert file.read_text() == '[workspace]\nname = "mine"\n'


def test_says_that_there_is_nothing_to_describe(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="has no dbt or SQLMesh project"):
        write_configuration(tmp_path)
    assert list(tmp_path.iterdir()) == []

"""`runroom plan` asked for what cannot be: one sentence and exit code 2."""

from collections.abc import Iterator

import pytest

from tests.integration.command_line.conftest import Shell
from tests.integration.sqlmesh.lab import Lab

pytestmark = [pytest.mark.real_tool, pytest.mark.timeout(300)]


@pytest.fixture
def shell(lab: Lab) -> Iterator[Shell]:
    shell = Shell(lab.folder)
    yield shell
    shell.close()


def test_wrong_arguments_of_a_plan_are_wrong_use(shell: Shell) -> None:
    for arguments, sentence in (
        (("--start", "2013-13-45"), "The start, 2013-13-45, is in no calendar"),
        (("--category", "foo"), "foo is no category"),
    ):
        refused = shell("plan", "prod", *arguments)
        assert (refused.returncode, refused.stdout) == (2, "")
        assert sentence in refused.stderr
        assert refused.stderr.count("\n") == 1
    assert shell.json("runs") == [], "nothing was recorded"

    # What only SQLMesh can tell is asked of it.
    for asked in ("--restate nope", "--select nope --apply --yes"):
        refused = shell("plan", "prod", *asked.split())
        assert (refused.returncode, refused.stdout) == (2, "")
        assert "Selector did not return any models" in refused.stderr
        assert refused.stderr.count("\n") == 1
    assert [run["kind"] for run in shell.json("runs")] == ["plan", "plan"]

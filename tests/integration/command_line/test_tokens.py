"""Tokens for the API, made and revoked on the command line."""

from pathlib import Path

import pytest

from tests.integration.command_line.conftest import MakeShell
from tests.integration.dbt.projects import write_project

pytestmark = [pytest.mark.real_tool, pytest.mark.timeout(120)]


def test_a_token_is_shown_once(tmp_path: Path, shell_in: MakeShell) -> None:
    shell = shell_in(write_project(tmp_path / "shop", {"models/orders.sql": "select 1 as id"}))
    assert "No tokens yet" in shell("tokens").stdout
    made = shell("tokens", "create", "ci", "--scope", "run", "--author", "anna")
    assert (made.returncode, made.stdout[:3], made.stdout.count("\n")) == (0, "rr_", 1)
    assert "shown this once" in made.stderr
    assert made.stdout.strip() not in shell("tokens").stdout + shell("tokens", "--json").stdout
    (listed,) = shell.json("tokens")
    assert (listed["name"], listed["scope"], listed["created_by"], listed["last_used_at"]) == (
        "ci",
        "run",
        "anna",
        None,
    )

    again = shell("tokens", "create", "ci")
    assert (again.returncode, again.stdout) == (2, "")
    assert 'There is a token "ci" already' in again.stderr
    assert shell("tokens", "create", "a b").returncode == 2
    unknown = shell("tokens", "create", "other", "--scope", "write")
    assert (unknown.returncode, unknown.stderr) == (
        2,
        'runroom: There is no scope "write"; known: read, run, admin.\n',
    )

    assert shell("tokens", "revoke", "ci").stdout == "ci is revoked.\n"
    assert shell.json("tokens") == []
    gone = shell("tokens", "revoke", "ci")
    assert (gone.returncode, gone.stderr) == (2, 'runroom: There is no token "ci"; none is known.\n')
    assert [each["action"] for each in shell.json("actions")] == ["revoke_token", "create_token"]

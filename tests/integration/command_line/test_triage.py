"""From a failure of a real dbt project to its causes, its lines in the logs, and a bundle without secrets."""

import io
import json
import tarfile
from pathlib import Path

import pytest

from tests.integration.command_line.conftest import MakeShell, Shell
from tests.integration.dbt.projects import write_project

pytestmark = [pytest.mark.real_tool, pytest.mark.timeout(300)]

PRINTED = "correct-horse-battery"
"""What the project prints; nobody told the run that it is a secret."""

BROKEN = {
    "models/orders.sql": "select 1 as id",
    "models/first.sql": "select nope from {{ ref('orders') }}",
    "models/second.sql": "select missing from {{ ref('orders') }}",
    "models/third.sql": f"{{{{ log('the key is {PRINTED}', info=True) }}}} select '{PRINTED}' from nowhere.at_all",
    "models/below.sql": "select * from {{ ref('first') }}",
}


def test_from_a_failure_to_its_bundle(tmp_path: Path, shell_in: MakeShell, monkeypatch: pytest.MonkeyPatch) -> None:
    shell = shell_in(write_project(tmp_path / "shop", BROKEN))
    for _ in range(2):
        assert shell("run", "build", "--json").returncode == 1
    causes = shell.json("failures")
    _many_failures_are_few_causes(causes, shell)
    _the_record_made_again_has_the_same(causes, shell)
    _the_logs_are_searched(shell)
    monkeypatch.setenv("VAULT_TOKEN", PRINTED)
    _the_bundle_has_no_secret(shell, tmp_path / "incident.tar.gz")


def _many_failures_are_few_causes(causes: list[dict[str, object]], shell: Shell) -> None:
    runs = shell.json("runs", "--status", "failed")
    columns = next(cause for cause in causes if "Binder Error" in str(cause["pattern"]))
    assert columns["failures"] == 2 * len(runs), "both models without their column are one cause"
    assert columns["runs"] == len(runs)
    assert columns["last_seen"]["run"] == runs[0]["id"]  # type: ignore[index]
    assert len(causes) == 2


def _the_record_made_again_has_the_same(causes: list[dict[str, object]], shell: Shell) -> None:
    assert shell("engine", "rebuild").returncode == 0
    assert shell.json("failures") == causes


def _the_logs_are_searched(shell: Shell) -> None:
    found = shell.json("search", "nope", "--run", "latest")
    assert {line["model"] for line in found["lines"]} >= {"first"}
    assert all(line["step"] == "build" for line in found["lines"])
    whole = shell.json("search", "nope")
    assert len({line["run"] for line in whole["lines"]}) > 1


def _the_bundle_has_no_secret(shell: Shell, target: Path) -> None:
    done = shell("bundle", "latest", "--output", str(target))
    assert (done.returncode, done.stderr) == (0, "")
    with tarfile.open(fileobj=io.BytesIO(target.read_bytes())) as tar:
        files = {
            member.name.partition("/")[2]: content.read().decode()
            for member in tar.getmembers()
            if (content := tar.extractfile(member)) is not None
        }
    assert PRINTED in "".join(log.read_text() for log in shell.folder.glob(".runroom/runs/*/logs/*.log"))
    assert not [path for path, text in files.items() if PRINTED in text]
    assert "•••" in files["sql/third.source.sql"]
    assert {"errors/01-first.txt", "sql/first.compiled.sql", "logs/", "summary.md"} <= {
        *files, *(f"{path.partition('/')[0]}/" for path in files),
    }  # fmt: skip
    cone = json.loads(files["lineage.json"])
    assert {node["name"] for node in cone["nodes"]} >= {"orders", "first", "below"}

"""Rows that dbt stored of what its tests found, as far as the record keeps them."""

from pathlib import Path

import pytest

from store.events import AuditFinished, AuditSampled
from tests.integration.dbt.harness import Workspace
from tests.integration.dbt.projects import write_project

pytestmark = [pytest.mark.real_tool, pytest.mark.timeout(120)]

MODELS = """
version: 2
models:
  - name: flights
    columns:
      - name: number
        data_tests:
          - not_null: {name: stored, config: {store_failures: true}}
          - not_null: {name: warned, config: {store_failures: true, severity: warn}}
          - not_null: {name: not_stored}
          - unique: {name: passed, config: {store_failures: true, where: "number is not null"}}
"""
FLIGHTS = """
select case when range >= 30 then range end as number, '{{ env_var("DOOR_PASSWORD") }}' as door,
       repeat('x', 300) as remark
from range(32)
"""


async def test_rows_of_failed_tests_that_store_them_are_kept_without_secrets(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOOR_PASSWORD", "open-sesame")
    project = write_project(tmp_path / "shop", {"models/flights.sql": FLIGHTS, "models/models.yml": MODELS})

    run, _ = await workspace.run(project, "build")

    samples = {event.audit.split(".")[2]: event for event in run.of(AuditSampled)}
    assert set(samples) == {"stored", "warned"}
    assert samples["stored"].columns == ("number", "door", "remark")
    assert len(samples["stored"].rows) == 20
    number, door, remark = samples["stored"].rows[0]
    assert (number, door) == (None, "•••")
    assert remark == "x" * 199 + "…"
    assert "open-sesame" not in run.paths.journal.read_text()
    own = [event for event in run.events if isinstance(event, AuditSampled | AuditFinished)]
    of_stored = [event.type for event in own if event.audit == samples["stored"].audit]
    assert of_stored == ["audit.sampled", "audit.finished"]

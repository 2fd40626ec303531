"""What the bridge reports without running anything: environments, intervals, lineage, rendered queries."""

import pytest

from tests.integration.sqlmesh.lab import Lab

pytestmark = [pytest.mark.real_tool, pytest.mark.timeout(300)]

DAILY, TOTAL = '"warehouse"."lab"."daily"', '"warehouse"."lab"."total"'


def test_environments_intervals_and_lineage(lab: Lab) -> None:
    lab.replace("models/latest.sql", "MAX(day)", "MIN(day)")
    lab.apply("--environment", "dev")
    told = lab.run("metadata", "--lineage")
    production, development = told.one("environment", environment="prod"), told.one("environment", environment="dev")
    assert (production["models"], production["difference"], production["expires_at"]) == (4, None, None)
    assert None not in (production["plan_id"], production["finalised_at"])
    assert not production["unfinalised"]
    assert development["models"] == 1, "only what was changed has a view in the environment"
    assert development["difference"] == {"added": 0, "removed": 0, "modified": 1, "same": 3}
    assert development["expires_at"] > development["finalised_at"]

    daily = told.one("intervals", environment="prod", model=DAILY)
    assert daily["loaded"] == [{"start": "2026-01-01T00:00:00.000Z", "end": "2026-01-03T00:00:00.000Z"}]
    assert daily["missing"] == [{"start": "2026-01-03T00:00:00.000Z", "end": "2026-01-07T00:00:00.000Z"}]
    assert (daily["missing_count"], daily["freshness"], daily["next_at"]) == (4, "behind", None)

    columns = told.one("lineage", model=TOTAL)["columns"]
    assert columns == {"total": [{"model": DAILY, "column": "amount"}]}


def test_fresh_project_has_models_and_no_environments(fresh: Lab) -> None:
    told = fresh.run("metadata")
    assert told.exit_code == 0, told.describe()
    assert len(told.one("graph")["nodes"]) == 4
    assert not told.of("environment")
    state = fresh.query("SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = 'sqlmesh'")
    assert state == [(0,)], "reading does not create a state"


def test_loaded_model_is_complete(lab: Lab) -> None:
    lab.run("run")
    told = lab.run("metadata", "--state-only", "--environment", "prod")
    assert {each["freshness"] for each in told.of("intervals")} == {"complete"}
    assert told.one("intervals", model=TOTAL)["next_at"] is not None
    assert not told.of("graph")


def test_rendered_query(lab: Lab) -> None:
    told = lab.run("render", "--model", "lab.daily", "--start", "2026-01-03", "--end", "2026-01-03").one("render")
    assert "CAST('2026-01-03' AS DATE)" in told["query"]
    assert "@start_date" in told["definition"]
    python = lab.run("render", "--model", "lab.noisy").one("render")
    assert python["query"] is None
    assert "said by the project" in python["definition"]


def test_removed_environment(lab: Lab) -> None:
    lab.replace("models/latest.sql", "MAX(day)", "MIN(day)")
    lab.apply("--environment", "dev")
    assert lab.run("invalidate", "--environment", "dev", "--sync").one("invalidated")["removed"]
    assert [each["environment"] for each in lab.run("metadata", "--state-only").of("environment")] == ["prod"]
    assert lab.run("invalidate", "--environment", "prod").exit_code == 2

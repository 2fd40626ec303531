"""Plans: what they say before they are applied, and that applying does what was said."""

import pytest

from tests.integration.sqlmesh.lab import Lab

pytestmark = [pytest.mark.real_tool, pytest.mark.timeout(300)]

DAILY, TOTAL, LATEST = '"warehouse"."lab"."daily"', '"warehouse"."lab"."total"', '"warehouse"."lab"."latest"'


def test_first_plan_is_told_and_not_applied(fresh: Lab) -> None:
    shown = fresh.run("plan")
    assert shown.exit_code == 0, shown.describe()
    plan = shown.one("plan", environment="prod")
    assert plan["new_environment"]
    assert plan["counts"]["added"] == 4
    assert shown.one("tests")["passed"] == 1
    backfill = shown.one("backfill", model=DAILY)
    assert backfill["batches"] == 3
    assert backfill["intervals"] == [{"start": "2026-01-01T00:00:00.000Z", "end": "2026-01-07T00:00:00.000Z"}]
    assert shown.one("finished")["status"] == "planned"
    assert not shown.of("batch_started")
    assert fresh.run("run").one("error")["message"].startswith("Environment prod does not exist yet")


def test_applied_plan_tells_phases_batches_and_rows(fresh: Lab) -> None:
    applied = fresh.apply("--expect", fresh.run("plan").one("plan")["fingerprint"])
    assert applied.one("finished")["status"] == "completed"
    started = applied.of("batch_started", model=DAILY)
    assert [(each["batch"], each["batches"]) for each in started] == [(1, 3), (2, 3), (3, 3)]
    assert started[1]["interval"] == {"start": "2026-01-03T00:00:00.000Z", "end": "2026-01-05T00:00:00.000Z"}
    assert [each["rows"] for each in applied.of("batch_finished", model=DAILY)] == [2, 2, 2]
    finished = applied.one("model_finished", model=DAILY)
    assert (finished["status"], finished["rows"]) == ("succeeded", 6)
    assert fresh.query("SELECT COUNT(*), SUM(amount) FROM lab.daily") == [(6, 60)]
    promotion = applied.of("phase", phase="promotion")
    assert [each["state"] for each in promotion] == ["started", *["progress"] * 4, "finished"]
    evaluation = applied.of("phase", phase="evaluation")
    assert [each["done"] for each in evaluation] == [0, 1, 2, 3, 4, 5, 6, 6]
    again = fresh.apply()
    assert again.one("finished")["status"] == "nothing_to_do"


def test_graph_has_what_the_project_says(fresh: Lab) -> None:
    nodes = {node["name"]: node for node in fresh.run("plan").one("graph")["nodes"]}
    daily = nodes["lab.daily"]
    assert daily["file"] == "models/daily.sql"
    assert (daily["owner"], daily["tags"], daily["description"]) == ("anna", ["core"], "Sales a day")
    assert [(each["name"], each["type"]) for each in daily["columns"]] == [("day", "DATE"), ("amount", "BIGINT")]
    blocking = {each["audit"]: each["blocking"] for each in daily["audits"]}
    assert blocking == {"not_null": True, "accepted_range": True, "few_sales": False}
    assert nodes["lab.total"]["parents"] == [DAILY]
    assert (nodes["lab.noisy"]["source"], nodes["lab.latest"]["kind"]) == ("python", "VIEW")


def test_stale_plan_is_refused(lab: Lab) -> None:
    shown = lab.run("diff")
    lab.replace("models/latest.sql", "MAX(day)", "MIN(day)")
    refused = lab.run("plan", "--apply", "--expect", shown.one("plan")["fingerprint"])
    assert refused.exit_code == 2
    assert "no longer the one that was shown" in refused.one("error")["message"]


def test_formatting_is_told_from_a_change(lab: Lab) -> None:
    lab.replace("models/total.sql", "SELECT SUM(amount)", "/* all of it */\nselect\n    sum(AMOUNT)")
    lab.replace("models/latest.sql", "SELECT MAX(day)", "SELECT MIN(day)")
    shown = lab.run("plan", "--environment", "dev")
    assert shown.exit_code == 0, shown.describe()
    total, latest = shown.one("change", model=TOTAL), shown.one("change", model=LATEST)
    assert total["formatting_only"]
    assert not latest["formatting_only"]
    assert (latest["change"], latest["category"]) == ("directly_modified", "breaking")
    assert "+  CAST(MIN(day) AS DATE) AS day" in latest["text_diff"]
    assert shown.one("plan")["counts"]["formatting_only"] == 1


def test_development_environment_from_a_changed_filter(lab: Lab) -> None:
    lab.replace("models/daily.sql", ">= @smallest", "> @smallest + 5")
    applied = lab.apply("--environment", "dev")
    plan = applied.one("plan")
    assert (plan["new_environment"], plan["created_from"]) == (True, "prod")
    assert applied.one("change", model=DAILY)["category"] == "breaking"
    total = applied.one("change", model=TOTAL)
    assert (total["change"], total["caused_by"]) == ("indirectly_modified", [DAILY])
    assert lab.query("SELECT COUNT(*) FROM lab__dev.daily") == [(2,)]


def test_failing_unit_test_keeps_a_plan_from_being_applied(lab: Lab) -> None:
    lab.replace("models/total.sql", "SUM(amount)", "MAX(amount)")
    ended = lab.run("plan", "--apply", "--environment", "dev")
    assert ended.exit_code == 1
    assert ended.one("tests")["failed"] == 1
    assert ended.one("change", model=TOTAL)["change"] == "directly_modified"
    assert "Unit tests failed" in ended.one("finished")["reason"]
    assert not ended.of("batch_started")


def test_a_restatement_that_is_left_out_of_the_plan_is_refused(lab: Lab) -> None:
    """SQLMesh itself warns, and then has nothing to do."""
    lab.replace("models/latest.sql", "MAX(day)", "MIN(day)")
    lab.apply("--environment", "dev")
    for command in (("plan",), ("plan", "--apply")):
        refused = lab.run(*command, "--environment", "dev", "--restate-model", "lab.daily")
        assert refused.exit_code == 2
        assert "because the current version is used in production" in refused.one("error")["message"]
        assert "Cannot restate model" in refused.one("notice", level="warning")["text"]
        assert refused.one("plan")["restatement_dropped"]
    assert not lab.run("plan", "--restate-model", "lab.daily").one("plan")["restatement_dropped"]


def test_python_change_needs_a_category(lab: Lab) -> None:
    lab.replace("models/noisy.py", "[1, 2, 3]", "[1, 2]")
    refused = lab.run("plan", "--apply", "--environment", "dev")
    assert refused.exit_code == 2
    assert refused.one("plan")["uncategorised"] == ['"warehouse"."lab"."noisy"']
    applied = lab.run("plan", "--category", "lab.noisy=non_breaking", "dev", "--auto-apply", "--no-prompts")
    assert applied.one("change")["category"] == "non_breaking"
    assert lab.query("SELECT COUNT(*) FROM lab__dev.noisy") == [(2,)]


def test_forward_only_and_metadata(lab: Lab) -> None:
    lab.replace("models/daily.sql", "owner anna", "owner ben")
    lab.replace("models/total.sql", "AS total FROM", "AS total, 1 AS one FROM")
    shown = lab.run("diff", "--environment", "dev", "--forward-only")
    assert shown.one("change", model=DAILY)["change"] == "metadata"
    assert not shown.one("change", model=DAILY)["formatting_only"]
    assert shown.one("change", model=TOTAL)["category"] == "forward_only"


def test_variables_and_gateway_of_the_command_line(lab: Lab) -> None:
    shown = lab.run("diff", "--var", "smallest=3")
    assert shown.one("change", model=DAILY)["change"] == "directly_modified"
    other = lab.run("diff", "--gateway", "other")
    assert other.one("plan")["new_environment"]

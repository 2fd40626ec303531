"""What is executed is told as the state knows it, whatever the project's files say by now."""

import pytest

from tests.integration.sqlmesh.lab import Lab

pytestmark = [pytest.mark.real_tool, pytest.mark.timeout(300)]

DAILY, TOTAL, LATEST, NOISY = (f'"warehouse"."lab"."{name}"' for name in ("daily", "total", "latest", "noisy"))


def test_each_model_that_is_executed_tells_its_definition_once(lab: Lab) -> None:
    # An edit that was never planned is no part of a run.
    lab.replace("models/total.sql", "SUM(amount)", "MAX(amount)")
    ended = lab.run("run")
    told = {event["model"]: event for event in ended.of("definition")}
    assert set(told) == {DAILY, TOTAL, LATEST, NOISY}
    assert len(ended.of("definition")) == 4

    daily = told[DAILY]
    assert (daily["language"], daily["dialect"]) == ("sql", "duckdb")
    assert "@start_date" in daily["definition"]
    assert "@" not in daily["query"]
    assert [(each["name"], each["type"]) for each in daily["columns"]] == [("day", "DATE"), ("amount", "BIGINT")]
    assert "SUM(" in told[TOTAL]["query"]
    assert (told[NOISY]["language"], told[NOISY]["query"]) == ("python", None)
    assert "said by the project" in told[NOISY]["definition"]


def test_the_query_is_the_same_from_run_to_run(lab: Lab) -> None:
    first = lab.run("run", "--execution-time", "2026-01-05")
    second = lab.run("run")
    queries = {ended.one("definition", model=DAILY)["query"] for ended in (first, second)}
    assert len(queries) == 1, "no interval is in it"


def test_the_statement_that_wrote_a_model_is_told_at_its_end(lab: Lab) -> None:
    ended = lab.run("run")
    statement = ended.one("model_finished", model=DAILY)["statement"]
    assert statement.startswith("INSERT INTO")
    assert "2026-01-06" in statement, "that of the last batch"


def test_what_fails_while_its_table_is_made_has_told_what_it_is(lab: Lab) -> None:
    lab.write("models/wrong.sql", "MODEL (name lab.wrong, kind VIEW);\n\nSELECT nothing::INT AS n FROM lab.daily")
    ended = lab.run("plan", "--apply", "--skip-tests", "--skip-linter")
    assert ended.exit_code == 1
    if "creation_errors_at_once" in ended.one("ready")["degraded"]:
        pytest.skip("this SQLMesh does not tell when it makes a table")
    assert "nothing" in ended.one("definition", model='"warehouse"."lab"."wrong"')["query"]

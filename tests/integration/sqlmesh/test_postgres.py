"""Postgres as engine and as the keeper of SQLMesh's state: two environments, plan, run and cancel."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.integration.sqlmesh.bridge_process import INTERPRETER_VARIABLE
from tests.integration.sqlmesh.lab import Lab
from tests.integration.sqlmesh.postgres_server import BINARIES, PostgresServer, running_server

pytestmark = [pytest.mark.real_tool, pytest.mark.timeout(300)]

DAILY = '"postgres"."lab"."daily"'
TARGET_S = 2.0

DAILY_SQL = """
MODEL (
  name lab.daily,
  kind INCREMENTAL_BY_TIME_RANGE (time_column day, batch_size 2),
  start '2026-01-01',
  end '2026-01-06',
  audits (not_null(columns := (day)))
);

SELECT s.day::DATE AS day, s.amount::INT AS amount, pg_sleep(p.seconds)::TEXT AS pause
FROM raw.sales AS s CROSS JOIN raw.pause AS p
WHERE s.day BETWEEN @start_date AND @end_date
"""

TOTAL_SQL = """
MODEL (name lab.total, kind FULL);

SELECT SUM(amount)::INT AS total FROM lab.daily
"""

CONFIG = """
gateways:
  server:
    connection:
      {{type: postgres, host: {host}, port: 5432, user: {user}, password: "", database: postgres, concurrent_tasks: 2}}
default_gateway: server
model_defaults: {{dialect: postgres, start: 2026-01-01}}
"""


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    if not BINARIES:
        pytest.skip("Debian's package postgresql is not installed")
    interpreter = os.environ.get(INTERPRETER_VARIABLE, sys.executable)
    if subprocess.run([interpreter, "-c", "import psycopg2"], stderr=subprocess.DEVNULL, check=False).returncode:
        pytest.skip("psycopg2 is not installed beside SQLMesh")
    with running_server() as running:
        yield running


@pytest.fixture(scope="module")
def project(server: PostgresServer, bridge: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """Production exists, loaded to the end of 2 January."""
    with closing(Lab(tmp_path_factory.mktemp("postgres") / "lab", bridge)) as lab:
        lab.write("config.yaml", CONFIG.format(host=server.folder, user=server.user))
        lab.write("models/daily.sql", DAILY_SQL)
        lab.write("models/total.sql", TOTAL_SQL)
        server.query("CREATE SCHEMA raw")
        days = "SELECT DATE '2026-01-01' + i AS day, 10 AS amount FROM generate_series(0, 5) AS i"
        server.query(f"CREATE TABLE raw.sales AS {days}")
        server.query("CREATE TABLE raw.pause AS SELECT 0.0 AS seconds")
        lab.apply("--execution-time", "2026-01-03")
        yield lab


def test_plan_of_a_second_environment_cancel_and_run(project: Lab, server: PostgresServer) -> None:
    assert server.query("SELECT COUNT(*) FROM lab.daily") == ["2"]
    project.replace("models/total.sql", "SUM(amount)", "MAX(amount)")
    development = project.apply("--environment", "dev")
    assert development.one("plan")["created_from"] == "prod"
    assert server.query("SELECT total FROM lab__dev.total") == ["10"]

    server.query("UPDATE raw.pause SET seconds = 600")
    process = project.start("run")
    process.wait_for("batch_started", model=DAILY, batch=2)
    process.wait_for_output("INSERT INTO")
    process.cancel()
    ended = process.end()
    assert (ended.exit_code, ended.seconds < TARGET_S) == (130, True), ended.describe()
    assert not ended.one("cancelled")["forced"]
    assert {each["transactional"] for each in ended.of("batch_started")} == {True}
    busy = "SELECT COUNT(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%lab__daily%'"
    assert server.query(f"{busy} AND pid <> pg_backend_pid()") == ["0"], "no query goes on in the server"

    server.query("UPDATE raw.pause SET seconds = 0")
    ran = project.run("run")
    assert ran.exit_code == 0, ran.describe()
    assert [each["rows"] for each in ran.of("batch_finished", model=DAILY)] == [2, 2]
    assert server.query("SELECT COUNT(*), SUM(amount) FROM lab.daily") == ["6|60"]
    environments = {each["environment"] for each in project.run("metadata", "--state-only").of("environment")}
    assert environments == {"prod", "dev"}

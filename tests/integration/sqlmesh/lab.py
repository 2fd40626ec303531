"""A small SQLMesh project on DuckDB whose data decides how its runs go.

`raw.sales` holds one sale a day as text, so that a bad amount fails the batch of its day. Counting the triples
of `raw.work` takes no time with one row in it and hours with ten thousand.
"""

import shutil
import time
from pathlib import Path
from typing import Any

import duckdb

from tests.integration.sqlmesh.bridge_process import BridgeProcess, Ended

_PATIENCE_S = 60.0
_LOOK_S = 0.05

FIRST_DAY, DAYS = "2026-01-01", 6

CONFIG = """
gateways:
  local:
    connection: {type: duckdb, database: warehouse.duckdb}
  other:
    connection: {type: duckdb, database: other.duckdb}
default_gateway: local
model_defaults: {dialect: duckdb, start: 2026-01-01}
plan: {auto_categorize_changes: {sql: full, seed: full, external: full, python: "off"}}
variables: {smallest: 0}
"""

DAILY = """
MODEL (
  name lab.daily,
  kind INCREMENTAL_BY_TIME_RANGE (time_column day, batch_size 2),
  start '2026-01-01',
  end '2026-01-06',
  owner anna,
  tags (core),
  description 'Sales a day',
  audits (
    not_null(columns := (day, amount)),
    accepted_range(column := amount, max_v := 1000),
    few_sales(most := 100)
  )
);

SELECT
  s.day::DATE AS day,
  (SUM(s.amount::INT) + (
    SELECT COUNT(*) FROM raw.work AS a, raw.work AS b, raw.work AS c WHERE a.n + b.n + c.n < 0
  ))::BIGINT AS amount
FROM raw.sales AS s
WHERE s.day BETWEEN @start_date AND @end_date AND s.amount::INT >= @smallest
GROUP BY s.day
"""

TOTAL = """
MODEL (name lab.total, kind FULL);

SELECT SUM(amount)::BIGINT AS total FROM lab.daily
"""

LATEST = """
MODEL (name lab.latest, kind VIEW);

SELECT MAX(day)::DATE AS day FROM lab.daily
"""

NOISY = """
import typing as t
from datetime import datetime

import pandas as pd
from sqlmesh import ExecutionContext, model


@model("lab.noisy", kind="full", columns={"n": "int"})
def execute(context: ExecutionContext, start: datetime, end: datetime, execution_time: datetime,
            **kwargs: t.Any) -> pd.DataFrame:
    print("said by the project")
    return pd.DataFrame({"n": [1, 2, 3]})
"""

FEW_SALES = """
AUDIT (name few_sales, blocking false);

SELECT * FROM @this_model WHERE amount > @most
"""

UNIT_TEST = """
test_total:
  model: lab.total
  inputs:
    lab.daily:
      rows: [{day: 2026-01-01, amount: 2}, {day: 2026-01-02, amount: 3}]
  outputs:
    query:
      rows: [{total: 5}]
"""

FILES = {
    "config.yaml": CONFIG,
    "models/daily.sql": DAILY,
    "models/total.sql": TOTAL,
    "models/latest.sql": LATEST,
    "models/noisy.py": NOISY,
    "audits/few_sales.sql": FEW_SALES,
    "tests/test_total.yaml": UNIT_TEST,
}


class Lab:
    """The project in its folder, its database, and bridges that run in it."""

    def __init__(self, folder: Path, bridge: Path) -> None:
        self.folder = folder
        self._bridge = bridge
        self._started: list[BridgeProcess] = []

    def fill(self) -> None:
        for name, text in FILES.items():
            self.write(name, text)
        self.execute("CREATE SCHEMA raw")
        self.execute(f"CREATE TABLE raw.sales AS SELECT (DATE '{FIRST_DAY}' + i::INT) AS day, '10' AS amount "
                     f"FROM range({DAYS}) AS r(i)")  # fmt: skip
        self.execute("CREATE TABLE raw.work AS SELECT 1 AS n")

    def copy_to(self, folder: Path) -> "Lab":
        shutil.copytree(self.folder, folder)
        return Lab(folder, self._bridge)

    def write(self, name: str, text: str) -> None:
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text.lstrip())

    def replace(self, name: str, old: str, new: str) -> None:
        file = self.folder / name
        text = file.read_text()
        assert old in text
        file.write_text(text.replace(old, new))

    def execute(self, sql: str) -> None:
        with self._connect() as connection:
            connection.execute(sql)

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        with self._connect() as connection:
            return connection.execute(sql).fetchall()

    def _connect(self) -> duckdb.DuckDBPyConnection:
        """After a run that was stopped the engine reads the state; the file admits one process at a time."""
        begun = time.monotonic()
        while True:
            try:
                return duckdb.connect(str(self.folder / "warehouse.duckdb"))
            except duckdb.IOException:
                if time.monotonic() - begun > _PATIENCE_S:
                    raise
                time.sleep(_LOOK_S)

    def make_slow(self) -> None:
        """From now on a batch of lab.daily takes hours."""
        self.execute("INSERT INTO raw.work SELECT 1 FROM range(20000)")

    def make_fast(self) -> None:
        self.execute("CREATE OR REPLACE TABLE raw.work AS SELECT 1 AS n")

    def start(self, command: str, *arguments: str, python: tuple[str, ...] = ()) -> BridgeProcess:
        process = BridgeProcess(self._bridge, self.folder, command, *arguments, python=python)
        self._started.append(process)
        return process

    def run(self, command: str, *arguments: str, python: tuple[str, ...] = ()) -> Ended:
        return self.start(command, *arguments, python=python).end()

    def apply(self, *arguments: str) -> Ended:
        ended = self.run("plan", "--apply", *arguments)
        assert ended.exit_code == 0, ended.describe()
        return ended

    def close(self) -> None:
        for process in self._started:
            process.kill()

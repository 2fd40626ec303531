"""A DuckDB file that another process has open: who works waits for it, who only reads says so."""

import duckdb
import pytest

from tests.integration.sqlmesh.lab import Lab

pytestmark = [pytest.mark.real_tool, pytest.mark.timeout(300)]


@pytest.mark.parametrize("setting", ["database: warehouse.duckdb", "catalogs: {warehouse: warehouse.duckdb}"])
def test_a_run_waits_until_the_file_is_free(lab: Lab, setting: str) -> None:
    lab.replace("config.yaml", "database: warehouse.duckdb", setting)
    file = lab.folder / "warehouse.duckdb"
    with duckdb.connect(str(file)):
        process = lab.start("run")
        waiting = process.wait_for("notice", level="info")
    assert waiting["text"].startswith("Waits for ")
    assert file.name in waiting["text"]
    ended = process.end()
    assert ended.exit_code == 0, ended.describe()
    assert ended.one("finished")["status"] == "completed"


def test_a_run_that_waits_can_be_cancelled(lab: Lab) -> None:
    with duckdb.connect(str(lab.folder / "warehouse.duckdb")):
        process = lab.start("run")
        process.wait_for("notice", level="info")
        process.cancel()
        assert process.end().exit_code == 130


def test_a_file_in_use_is_not_taken_for_an_empty_state(lab: Lab) -> None:
    with duckdb.connect(str(lab.folder / "warehouse.duckdb")):
        ended = lab.run("metadata", "--state-only")
    assert ended.exit_code == 2, ended.describe()
    assert "DuckDB admits one process at a time" in ended.one("error")["message"]

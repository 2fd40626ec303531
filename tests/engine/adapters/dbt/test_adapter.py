"""Which steps a run has."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from engine.adapters.dbt.adapter import DbtAdapter
from engine.adapters.dbt.artifacts import keep_results, list_artifacts, read_results
from store.models import RunRequest
from store.paths import RunPaths


def names(folder: Path, *steps: str, **more: Any) -> list[str]:
    request = RunRequest(
        id=1,
        name="test",
        project="shop",
        environment="dev",
        created_at=datetime(2026, 11, 21, tzinfo=UTC),
        tool="dbt",
        project_path=str(folder),
        python="python",
        steps=steps,
        **more,
    )
    return [step.name for step in DbtAdapter({}).steps(request, folder)]


def test_the_profile_is_checked_first(tmp_path: Path) -> None:
    assert names(tmp_path, "build", "docs generate") == ["profile", "build", "docs"]


def test_packages_are_installed_once(tmp_path: Path) -> None:
    (tmp_path / "packages.yml").write_text("packages: [{local: ../x}]\n")

    assert names(tmp_path, "build") == ["profile", "deps", "build"]
    assert names(tmp_path, "deps --upgrade", "build") == ["profile", "deps", "build"]


def test_a_checkout_that_is_yet_to_be_made_may_name_packages(tmp_path: Path) -> None:
    assert names(tmp_path / "checkout", "build") == ["profile", "deps", "build"]


def test_a_plan_executes_nothing(tmp_path: Path) -> None:
    steps = ("seed", "run-operation wipe", "build", "source freshness")

    assert names(tmp_path, *steps, kind="plan") == ["profile", "plan-seed", "plan-build"]


def test_one_bad_step_keeps_all_others_from_running(tmp_path: Path) -> None:
    assert names(tmp_path, "build", "biuld") == ["steps"]


def test_results_of_each_command_are_kept(tmp_path: Path) -> None:
    paths = RunPaths(tmp_path)
    paths.target.mkdir()
    keep_results(paths.target)
    for number in range(3):
        (paths.target / "run_results.json").write_text(str(number))
        keep_results(paths.target)

    kept = [(path.name, kind) for path, kind in list_artifacts(paths)]

    assert kept == [(f"run_results{part}.json", "run_results") for part in (".1", ".2", ".3", "")]
    assert (paths.target / "run_results.2.json").read_text() == "1"


def test_results_of_another_invocation_do_not_count(tmp_path: Path) -> None:
    file = tmp_path / "run_results.json"
    file.write_text('{"metadata": {"invocation_id": "one"}, "results": [{"unique_id": "model.a.m"}, 3, {}]}')

    assert list(read_results(tmp_path, "one")) == ["model.a.m"]
    assert read_results(tmp_path, "two") == {}
    file.write_text('{"metadata":')
    assert read_results(tmp_path, "one") == {}

import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from engine.client.doctor import Check, examine, look_verdict, tool_verdict
from store.models import Project
from store.remote_looks import RemoteLook
from tests.support.remotes import Remote

DBT = Project(name="shop", tool="dbt", path=".")


@pytest.mark.parametrize(
    ("packages", "verdict", "words"),
    [
        ({"dbt-core": "1.11.0", "dbt-duckdb": "1.11.1"}, "good", "dbt-core 1.11.0 with dbt-duckdb 1.11.1"),
        ({"dbt-core": "1.11.0", "dbt-common": "1.0"}, "problem", "no dbt adapter"),
        ({}, "problem", "has no dbt-core; install it there"),
    ],
)
def test_what_an_interpreter_needs_to_have(packages: dict[str, str], verdict: str, words: str) -> None:
    check = tool_verdict("tool", DBT, Path("/venv/bin/python"), {"python": "3.12.1", "packages": packages})
    assert check.verdict == verdict
    assert words in check.text


async def examined(folder: Path) -> dict[str, Check]:
    return {check.name: check async for check in examine(folder)}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("DBT_PROFILES_DIR", raising=False)
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "dbt_project.yml").write_text("name: shop\nprofile: shop\n")
    (folder / "profiles.yml").write_text("shop: {outputs: {dev: {type: duckdb}}}\n")
    return folder


async def test_a_sound_workspace_is_left_as_it_was(project: Path) -> None:
    before = sorted(project.iterdir())
    checks = await examined(project)
    assert {name for name, check in checks.items() if check.verdict == "problem"} == set()
    assert checks["tool of shop"].text.startswith("dbt-core ")
    assert sys.executable in checks["tool of shop"].text
    assert sorted(project.iterdir()) == before


async def test_each_fault_is_found(project: Path) -> None:
    (project / "profiles.yml").unlink()
    (project / "python").write_text("#!/bin/sh\necho nonsense\n")
    (project / "python").chmod(0o755)
    (project / "runroom.toml").write_text('[projects.shop]\ntool = "dbt"\npath = "."\npython = "./python"\n')
    (project / ".runroom").mkdir()
    (project / ".runroom" / "engine.log").touch()
    checks = await examined(project)
    assert "No profiles.yml was found" in checks["configuration"].text
    assert "does not answer" in checks["tool of shop"].text
    assert checks["profile of shop"].verdict == "problem"
    (project / "runroom.toml").write_text("[projects\n")
    assert "no valid TOML" in (await examined(project))["configuration"].text


def test_looks_at_a_remote_are_judged() -> None:
    now = datetime(2026, 11, 21, 14, 4, tzinfo=UTC)
    polled = [Project(name="shop", tool="dbt", path=".", poll_s=60.0)]
    fresh, stale = (RemoteLook("shop", "/srv/shop.git", now - timedelta(minutes=m)) for m in (1, 60))
    assert look_verdict(fresh, polled, now).verdict == "good"
    assert look_verdict(replace(fresh, problem="Connection refused"), polled, now).verdict == "problem"
    late = look_verdict(stale, polled, now)
    assert late.verdict == "warning"
    assert late.text.endswith(
        "answered 1h ago. It should be every 1m 00s; runroom engine start keeps an engine that looks."
    )
    assert look_verdict(RemoteLook("shop"), polled, now).verdict == "warning"


async def test_a_remote_that_nobody_looked_at_is_told(project: Path) -> None:
    (project / "runroom.toml").write_text('[projects.shop]\ntool = "dbt"\npath = "."\npoll = "1m"\n')
    assert (await examined(project))["pushes of shop"].text.startswith("The remote of shop was not looked at yet")


async def test_the_remote_of_a_git_project_is_asked(tmp_path: Path) -> None:
    remote = Remote(tmp_path)
    remote.make({"dbt_project.yml": "name: shop\nprofile: shop\n"})
    folder = tmp_path / "workspace"
    folder.mkdir()
    configuration = "[projects.shop]\ntool = 'dbt'\ngit = '../{}'\n[environments.prod]\n"
    (folder / "runroom.toml").write_text(configuration.format("shop.git"))
    found = (await examined(folder))["remote of shop"]
    (folder / "runroom.toml").write_text(configuration.format("nowhere.git"))
    checks = await examined(folder)

    assert found == Check("remote of shop", "warning", f"{remote.path} answers; the engine is yet to clone it.")
    assert checks["remote of shop"].verdict == "problem"
    assert checks["remote of shop"].text.startswith(f"{tmp_path}/nowhere.git does not answer: ")
    assert "profile of shop" not in checks

"""A built wheel has all that it needs, and runs from an empty folder where nothing of the sources is in reach."""

import json
import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

SOURCES = Path(__file__).parents[2]
ELSEWHERE = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(SOURCES)]
    built = subprocess.run(command, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    (found,) = folder.glob("runroom-*.whl")
    return found


@pytest.fixture(scope="module")
def interpreter(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment of its own with the wheel in it; what the wheel depends on is lent from this environment."""
    folder = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    packages = Path(sysconfig.get_path("purelib", vars={"base": str(folder), "platbase": str(folder)}))
    zipfile.ZipFile(wheel).extractall(packages)
    (packages / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return folder / "bin" / "python"


def runroom(interpreter: Path, folder: Path, *arguments: str) -> str:
    command = [str(interpreter), "-I", "-m", "tui.command_line.main", *arguments]
    ran = subprocess.run(command, cwd=folder, env=ELSEWHERE, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def test_the_wheel_holds_migrations_styles_and_the_demo(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    for folder, pattern in (("store", "migrations/*.sql"), ("tui", "**/*.tcss"), ("engine/demo/projects", "**/*.sql")):
        sources = {str(file.relative_to(SOURCES)) for file in (SOURCES / folder).glob(pattern)}
        assert sources
        assert sources <= names
    assert not any(name.startswith("tests/") for name in names)


def test_it_runs_from_an_empty_folder(interpreter: Path, tmp_path: Path) -> None:
    where = subprocess.run(
        [str(interpreter), "-I", "-c", "import store; print(store.__file__)"],
        check=True,
        capture_output=True,
        text=True,
        env=ELSEWHERE,
    ).stdout
    assert str(interpreter.parents[1]) in where
    (tmp_path / "dbt_project.yml").write_text("name: tiny\nversion: '1.0'\nprofile: tiny\n", encoding="utf-8")
    profile = "tiny:\n  target: prod\n  outputs:\n    prod: {type: duckdb, path: tiny.duckdb}\n"
    (tmp_path / "profiles.yml").write_text(profile, encoding="utf-8")
    runroom(interpreter, tmp_path, "engine", "start")
    try:
        listed = json.loads(runroom(interpreter, tmp_path, "environments", "--json"))
    finally:
        runroom(interpreter, tmp_path, "engine", "stop")
    assert [environment["name"] for environment in listed] == ["prod"]
    assert (tmp_path / ".runroom" / "store.db").is_file()

"""Projects and configuration files, written small, and a home that has nothing of this machine's user."""

from collections.abc import Callable
from pathlib import Path

import pytest

MakeProject = Callable[..., Path]
WriteFile = Callable[[str], Path]


@pytest.fixture(autouse=True)
def bare_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Neither profiles nor settings but those that a test writes."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(home))
    for variable in ("XDG_CONFIG_HOME", "DBT_PROFILES_DIR", "RUNROOM_MAX_CONCURRENT_RUNS", "RUNROOM_AUTHOR"):
        monkeypatch.delenv(variable, raising=False)
    return home


@pytest.fixture
def make_dbt(tmp_path: Path) -> MakeProject:
    """Makes a dbt project: its two files are all that the configuration reads."""

    def make(folder: str = ".", name: str = "flights", targets: tuple[str, ...] = ("dev", "prod")) -> Path:
        place = tmp_path / folder
        place.mkdir(parents=True, exist_ok=True)
        (place / "dbt_project.yml").write_text(f"name: '{name}'\nprofile: {name}_profile\n")
        outputs = "".join(f"    {target}:\n      type: duckdb\n      password: hunter2\n" for target in targets)
        text = f"{name}_profile:\n  target: {targets[-1]}\n  outputs:\n{outputs}" if targets else ""
        if text:
            (place / "profiles.yml").write_text(text)
        return place

    return make


@pytest.fixture
def make_sqlmesh(tmp_path: Path) -> MakeProject:
    """Makes a SQLMesh project."""

    def make(folder: str = ".") -> Path:
        place = tmp_path / folder
        place.mkdir(parents=True, exist_ok=True)
        (place / "config.yaml").write_text("gateways:\n  local:\nmodel_defaults:\n  dialect: duckdb\n")
        return place

    return make


@pytest.fixture
def write_toml(tmp_path: Path) -> WriteFile:
    """Writes the workspace's runroom.toml."""

    def write(text: str) -> Path:
        file = tmp_path / "runroom.toml"
        file.write_text(text)
        return file

    return write

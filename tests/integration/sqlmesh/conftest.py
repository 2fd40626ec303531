"""The lab project, fresh or with its first plan applied (once for all tests, then copied)."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from engine.adapters.sqlmesh.bridge_file import write_bridge
from tests.integration.sqlmesh.lab import Lab


@pytest.fixture(scope="session")
def bridge(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_bridge(tmp_path_factory.mktemp("bridge") / "bridge.pyz")


@pytest.fixture(scope="session")
def planned_template(bridge: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with closing(Lab(tmp_path_factory.mktemp("template") / "lab", bridge)) as lab:
        lab.fill()
        lab.apply("--execution-time", "2026-01-03")
        yield lab


@pytest.fixture
def empty(bridge: Path, tmp_path: Path) -> Iterator[Lab]:
    """A folder with nothing in it."""
    (tmp_path / "lab").mkdir()
    with closing(Lab(tmp_path / "lab", bridge)) as lab:
        yield lab


@pytest.fixture
def fresh(bridge: Path, tmp_path: Path) -> Iterator[Lab]:
    """Never planned."""
    with closing(Lab(tmp_path / "lab", bridge)) as lab:
        lab.fill()
        yield lab


@pytest.fixture
def lab(planned_template: Lab, tmp_path: Path) -> Iterator[Lab]:
    """Production exists, loaded to the end of 2 January; four days (two batches) of lab.daily are due."""
    with closing(planned_template.copy_to(tmp_path / "lab")) as lab:
        yield lab

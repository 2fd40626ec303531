"""Fixtures that tests of more than one folder use."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.live_workspace import LiveWorkspace

__all__ = ["live", "parsed"]


@pytest.fixture(scope="session")
def parsed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where dbt's parse is kept from test to test: reading its macros takes two seconds."""
    return tmp_path_factory.mktemp("parsed") / "cache"


@pytest.fixture
def live(tmp_path: Path, parsed: Path) -> Iterator[LiveWorkspace]:
    """A workspace in a folder that is still empty; it ends with the test, whatever became of its engine."""
    workspace = LiveWorkspace(tmp_path / "workspace")
    cache = workspace.paths.record / "cache"
    cache.parent.mkdir(parents=True)
    if parsed.exists():
        shutil.copytree(parsed, cache)
    yield workspace
    workspace.end()
    if cache.exists():
        shutil.copytree(cache, parsed, dirs_exist_ok=True)

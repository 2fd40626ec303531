"""Workspaces that end with their test, whatever became of their engines."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.live_workspace import LiveWorkspace


@pytest.fixture
def live(tmp_path: Path) -> Iterator[LiveWorkspace]:
    """A workspace in a folder that is still empty."""
    folder = tmp_path / "workspace"
    folder.mkdir()
    workspace = LiveWorkspace(folder)
    yield workspace
    workspace.end()

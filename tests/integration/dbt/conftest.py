"""What the tests with real dbt processes share."""

from pathlib import Path

import pytest

from tests.integration.dbt.harness import PYTHON, Workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "record", python=PYTHON)

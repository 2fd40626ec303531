"""What the tests with real dbt processes share."""

import sys
from pathlib import Path

import pytest

from tests.integration.dbt.harness import Workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "record", python=sys.executable)

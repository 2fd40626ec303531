"""How an engine is asked to go."""

from pathlib import Path

from engine.departure import Departure
from store.paths import WorkspacePaths


def test_an_engine_goes_also_where_that_cannot_be_noted(tmp_path: Path) -> None:
    departure = Departure(WorkspacePaths(tmp_path / "gone"))
    departure.ask()
    assert departure.asked.is_set()

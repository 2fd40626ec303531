"""The packed file and the parts of the bridge that need no SQLMesh."""

import ast
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.adapters.sqlmesh.bridge.describe import freshness
from engine.adapters.sqlmesh.bridge.values import error_sentence, merged, overlap, span_json, without
from engine.adapters.sqlmesh.bridge_file import SOURCE, write_bridge

OLDEST_PYTHON = (3, 9)

SOURCES = sorted(SOURCE.glob("*.py"))


def imported(tree: ast.AST) -> set[str]:
    """The top-level names that a module imports absolutely."""
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    froms = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and not node.level}
    return {name.split(".")[0] for name in names | froms}


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_source_runs_where_runroom_is_not_installed(source: Path) -> None:
    tree = ast.parse(source.read_text(), feature_version=OLDEST_PYTHON)
    assert imported(tree) <= sys.stdlib_module_names
    assert any(isinstance(node, ast.ImportFrom) and node.module == "__future__" for node in tree.body) or (
        source.name == "__init__.py"
    )


def test_same_sources_make_the_same_file(tmp_path: Path) -> None:
    first, second = write_bridge(tmp_path / "a.pyz"), write_bridge(tmp_path / "b.pyz")
    assert first.read_bytes() == second.read_bytes()
    assert sorted(each.name for each in tmp_path.iterdir()) == ["a.pyz", "b.pyz"]


def test_spans() -> None:
    assert merged([(3, 5), (0, 1), (1, 2), (4, 6)]) == [(0, 2), (3, 6)]
    assert overlap((1, 5), [(0, 2), (4, 9), (7, 8)]) == [(1, 2), (4, 5)]
    assert overlap((1, 5), [(5, 6), (0, 1)]) == []
    assert without([(0, 10)], [(2, 3), (5, 7)]) == [(0, 2), (3, 5), (7, 10)]
    assert without([(0, 2), (4, 6)], [(1, 5)]) == [(0, 1), (5, 6)]
    assert without([(0, 2)], [(0, 2)]) == []
    assert span_json((0, 86_400_500)) == {"start": "1970-01-01T00:00:00.000Z", "end": "1970-01-02T00:00:00.500Z"}


def caused(message: str, cause: str | None) -> Exception:
    error = RuntimeError(message)
    error.__cause__ = KeyError(cause) if cause else None
    return error


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (caused("Plan failed.", None), "Plan failed."),
        (caused("Migration failed.", "no table"), "Migration failed: 'no table'"),
        (caused("Failed to load a.sql.\n\n  No module named 'x'", "y"), "Failed to load a.sql: No module named 'x'"),
        (RuntimeError(), "RuntimeError."),
    ],
)
def test_error_in_one_sentence(error: Exception, sentence: str) -> None:
    assert error_sentence(error) == sentence


class DailyNode:
    """A node whose cron ticks at midnight, as SQLMesh answers for it."""

    def cron_floor(self, moment: datetime) -> datetime:
        return moment.replace(hour=0, minute=0, second=0, microsecond=0)

    def cron_prev(self, moment: datetime) -> datetime:
        return moment.replace(day=moment.day - 1)


@pytest.mark.parametrize(
    ("missing_days", "expected"),
    [((), "complete"), ((9,), "pending"), ((8, 9), "behind"), ((3,), "behind")],
)
def test_freshness(missing_days: tuple[int, ...], expected: str) -> None:
    def day(number: int) -> int:
        return int(datetime(2026, 1, number, tzinfo=UTC).timestamp() * 1000)

    missing = [(day(number), day(number + 1)) for number in missing_days]
    now = datetime(2026, 1, 10, 15, tzinfo=UTC)
    assert freshness(DailyNode(), missing, now) == expected

"""Where a log says why it ended badly."""

from pathlib import Path

import pytest

from store.logs.last_error import LastError, last_error

INFO = "2026-11-21T03:04:05.123Z INFO  going on\n"
ERROR = "2026-11-21T03:04:05.123Z ERROR it broke\n"


@pytest.mark.parametrize(
    ("log", "expected"),
    [
        ("", None),
        (INFO * 3, None),
        (INFO + ERROR * 3, LastError(len(INFO), 3)),
        (ERROR + INFO + ERROR * 2 + INFO * 4, LastError(len(ERROR) + len(INFO), 6)),
        (ERROR + INFO, LastError(0, 2)),
    ],
)
def test_the_last_error_begins_with_the_first_of_its_lines(tmp_path: Path, log: str, expected: LastError) -> None:
    path = tmp_path / "01-build.log"
    path.write_text(log)

    assert last_error(path) == expected


def test_a_log_that_is_not_there_has_none(tmp_path: Path) -> None:
    assert last_error(tmp_path / "no.log") is None

"""Where a log says for the first time that something went wrong."""

from pathlib import Path

import pytest

from store.logs.matching import STEP_BYTES
from tui.log.first_error import first_error

INFO = "2026-11-21T03:04:05.123Z INFO  going on\n"
ERROR = "2026-11-21T03:04:05.123Z ERROR it broke\n"
MANY = STEP_BYTES // len(INFO) + 7
"""More lines than one step looks through."""


@pytest.mark.parametrize(
    ("log", "expected"),
    [
        ("", None),
        (INFO * 3, None),
        (ERROR + INFO, 0),
        (INFO + ERROR * 3 + INFO + ERROR, len(INFO)),
        (INFO * MANY, None),
        (INFO * MANY + ERROR * 2, MANY * len(INFO)),
    ],
    ids=["empty", "none", "at once", "two", "none in much", "far along"],
)
async def test_it_is_the_first_of_all(tmp_path: Path, log: str, expected: int | None) -> None:
    path = tmp_path / "01-build.log"
    path.write_text(log)

    assert await first_error(path) == expected


async def test_a_log_that_is_not_there_has_none(tmp_path: Path) -> None:
    assert await first_error(tmp_path / "no.log") is None

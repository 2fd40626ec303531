"""Secrets in the files that a tool leaves."""

from pathlib import Path

import pytest

from engine.redaction import Redactor
from engine.worker.masking import mask_file

REDACTOR = Redactor({"WAREHOUSE_PASSWORD": "correct-horse"})


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("select 'correct-horse'\r\nä", "select '•••'\r\nä"),
        ('{"a":"http://x:80","b":"me@home"}', '{"a":"http://x:80","b":"me@home"}'),
    ],
)
def test_only_what_is_known_is_replaced(tmp_path: Path, before: str, after: str) -> None:
    file = tmp_path / "file"
    file.write_bytes(before.encode())
    mask_file(file, REDACTOR)
    assert file.read_bytes().decode() == after


def test_what_is_no_text_stays(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"\xff correct-horse")
    mask_file(file, REDACTOR)
    assert file.read_bytes() == b"\xff correct-horse"

"""Finding the failing line in a model's SQL."""

import pytest

from tui.run_view.sql_error import failing_line
from tui.run_view.sql_text import numbered_sql

SQL = "select\n    carrier,\n    tailnum\nfrom flights\n-- tailnum again"


@pytest.mark.parametrize(
    ("error", "line"),
    [
        ("Binder Error: no\nLINE 4:     tailnum\n            ^", 3),
        ("Binder Error: no\nLINE 6: ... tailnum again", 5),
        ("Binder Error: no\nLINE 2: ", 2),
        ("Binder Error: no\nLINE 20: ", None),
        ("Binder Error: no\nLINE 3: something_else_entirely", None),
        ("it has no line", None),
    ],
)
def test_the_excerpt_decides_and_the_number_chooses(error: str, line: int | None) -> None:
    assert failing_line(error, SQL) == line


def test_the_failing_line_is_marked_and_the_others_are_numbered() -> None:
    lines = numbered_sql(SQL, marked=3).plain.splitlines()
    assert [line[:2] for line in lines] == [" 1", " 2", "→3", " 4", " 5"]


def test_sql_is_data() -> None:
    assert numbered_sql("select '\x1b[31m[bold]'").plain == " 1 select '[bold]'"

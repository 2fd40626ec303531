"""Which columns fit."""

from hypothesis import given
from hypothesis import strategies as st

from tui.widgets.columns import Column, FittedColumn, fit_columns

NAME = Column("name", "Name", 10, flex=2)
STATUS = Column("status", "Status", 8)
ERROR = Column("error", "Error", 10, flex=1, priority=1)
AUTHOR = Column("author", "Author", 8, priority=2)
COLUMNS = (NAME, STATUS, ERROR, AUTHOR)


def _widths(width: int) -> dict[str, int]:
    return {fitted.column.key: fitted.width for fitted in fit_columns(COLUMNS, width)}


def test_what_is_left_over_goes_to_the_flexible_columns() -> None:
    assert _widths(44 + 10) == {"name": 16, "status": 8, "error": 14, "author": 8}


def test_columns_leave_by_priority_when_it_gets_narrow() -> None:
    assert list(_widths(44)) == ["name", "status", "error", "author"]
    assert list(_widths(43)) == ["name", "status", "error"]
    assert list(_widths(33)) == ["name", "status"]


def test_the_columns_that_matter_stay_however_narrow_it_is() -> None:
    assert fit_columns(COLUMNS, 5) == (FittedColumn(NAME, 10), FittedColumn(STATUS, 8))


columns = st.lists(
    st.builds(
        Column,
        key=st.uuids().map(str),
        label=st.just(""),
        width=st.integers(0, 30),
        flex=st.integers(0, 3),
        priority=st.integers(0, 4),
    ),
    max_size=8,
)


@given(columns, st.integers(0, 200))
def test_fitted_columns_keep_their_order_and_least_width_and_fill_the_width(columns: list[Column], width: int) -> None:
    fitted = fit_columns(columns, width)

    assert [each.column for each in fitted] == [column for column in columns if column in {f.column for f in fitted}]
    assert all(each.width >= each.column.width for each in fitted)
    taken = sum(each.width + 2 for each in fitted)
    if any(each.column.flex for each in fitted):
        assert taken >= width
    if any(each.column.priority for each in fitted):
        assert taken <= width

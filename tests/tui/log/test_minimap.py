"""Where something lies in a log, in a column."""

from hypothesis import example, given
from hypothesis import strategies as st

from tui.log.minimap import MapCell, Spots, map_cells


@example(offsets=[64, 112], count=35)
@given(offsets=st.lists(st.integers(0, 5_000_000), max_size=50), count=st.integers(1, 60))
def test_every_spot_is_on_the_map_and_nothing_is_far_from_one(offsets: list[int], count: int) -> None:
    spots = Spots()
    spots.add(offsets)
    size = max(offsets, default=0) + 1
    cells = spots.cells(count, size)

    assert all(cells[min(count - 1, offset * count // size)] or size < count for offset in offsets)
    share, blur = size / count, 64 + size / 256
    for number, has_spot in enumerate(cells):
        reach = (share * number - blur, share * (number + 1) + blur)
        assert not has_spot or any(reach[0] <= offset <= reach[1] for offset in offsets)


def test_the_map_tells_errors_matches_and_what_is_in_view() -> None:
    errors, matches = Spots(), Spots()
    errors.add([0])
    matches.add([10, 9_999])
    assert map_cells(4, 10_000, (2_500, 5_000), errors, matches) == (
        MapCell(has_error=True, has_match=True),
        MapCell(is_in_view=True),
        MapCell(),
        MapCell(has_match=True),
    )
    assert [cell.glyph for cell in map_cells(2, 10_000, (0, 1), errors, matches)] == ["■", "•"]


def test_there_is_no_map_of_what_is_in_view_as_a_whole() -> None:
    assert map_cells(4, 100, (0, 100), Spots(), None) == ()
    assert map_cells(4, 0, (0, 0), Spots(), None) == ()

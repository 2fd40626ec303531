"""The pages that a long table keeps."""

from tui.widgets.page_cache import PageCache
from tui.widgets.row_table import TableRow


def _page(first: int, size: int = 4, value: str = "") -> list[TableRow[str]]:
    return [TableRow(str(number), value) for number in range(first, first + size)]


def test_rows_are_found_by_position_and_by_key() -> None:
    cache: PageCache[str] = PageCache(page_size=4)
    assert cache.put(1, _page(4), cache.version) == [4, 5, 6, 7]

    assert cache.get(6) == TableRow("6", "")
    assert cache.get(0) is None
    assert cache.position_of("6") == 6
    assert cache.position_of("0") is None


def test_the_page_that_was_not_used_for_longest_is_forgotten() -> None:
    cache: PageCache[str] = PageCache(page_size=4, pages_kept=2)
    cache.put(0, _page(0), cache.version)
    cache.put(1, _page(4), cache.version)
    cache.get(0)
    cache.put(2, _page(8), cache.version)

    assert [cache.get(position) is None for position in (0, 4, 8)] == [False, True, False]
    assert cache.position_of("4") is None


def test_an_outdated_page_is_shown_until_it_is_read_again_and_tells_what_changed() -> None:
    cache: PageCache[str] = PageCache(page_size=4)
    cache.put(0, _page(0), cache.version)
    kept = cache.get(0)
    cache.outdate()
    assert cache.get(0) is kept
    assert not cache.is_fresh(0)

    assert cache.put(0, [*_page(0, 2), TableRow("2", "changed")], cache.version) == [2, 3]
    assert cache.is_fresh(0)
    assert cache.get(0) is kept
    assert cache.get(3) is None


def test_a_page_that_was_read_before_a_change_is_not_fresh() -> None:
    cache: PageCache[str] = PageCache(page_size=4)
    version = cache.version
    cache.outdate()
    cache.put(0, _page(0), version)

    assert not cache.is_fresh(0)


def test_one_row_can_be_replaced() -> None:
    cache: PageCache[str] = PageCache(page_size=4)
    cache.put(1, _page(4), cache.version)

    assert cache.replace(TableRow("5", "new")) == 5
    assert cache.get(5) == TableRow("5", "new")
    assert cache.replace(TableRow("99", "new")) is None


def test_a_row_that_moved_to_another_page_is_found_there() -> None:
    cache: PageCache[str] = PageCache(page_size=2)
    cache.put(0, [TableRow("a", ""), TableRow("b", "")], cache.version)
    cache.put(1, [TableRow("b", ""), TableRow("c", "")], cache.version)
    cache.put(0, [TableRow("a", ""), TableRow("x", "")], cache.version)

    assert cache.position_of("b") == 2


def test_clearing_forgets_everything() -> None:
    cache: PageCache[str] = PageCache(page_size=4)
    cache.put(0, _page(0), cache.version)
    cache.clear()

    assert cache.get(0) is None
    assert cache.position_of("0") is None

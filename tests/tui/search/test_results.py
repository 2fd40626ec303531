"""What a search has found, as rows, within bounds."""

from store.search.looking import FoundLine
from store.search.searching import Found
from tests.tui.run.records import a_run
from tui.search.results import LINES_OF_A_GROUP, GroupRow, LineRow, RunRow, SearchResults


def found(run_id: int, model: str | None, lines: int, shown: int | None = None, first: int = 0) -> Found:
    kept = tuple(FoundLine(first + 10 * number, model, b"x") for number in range(lines if shown is None else shown))
    return Found(a_run(id=run_id), "logs/01-build.log", model, lines, kept)


def kinds(results: SearchResults) -> list[str]:
    return [type(row.value).__name__ for row in results.rows()]


def test_lines_stand_under_their_model_and_run() -> None:
    results = SearchResults()
    results.add(found(7, "a", 2))
    results.add(found(7, None, 1, first=500))
    results.add(found(6, "a", 1))

    assert kinds(results) == [
        "RunRow", "GroupRow", "LineRow", "LineRow", "GroupRow", "LineRow", "RunRow", "GroupRow", "LineRow",
    ]  # fmt: skip
    assert (results.lines, results.runs) == (4, 2)
    rows = [row.value for row in results.rows()]
    assert [row.lines for row in rows if isinstance(row, RunRow | GroupRow)] == [3, 2, 1, 1, 1]


def test_pieces_of_one_log_add_up() -> None:
    results = SearchResults()
    results.add(found(7, "a", 5, shown=2))
    results.add(found(7, "a", 4, shown=1, first=900))

    [run, group, *lines] = [row.value for row in results.rows()]
    assert isinstance(run, RunRow)
    assert run.lines == 9
    assert isinstance(group, GroupRow)
    assert (group.lines, group.first) == (9, 0)
    assert [line.line.offset for line in lines if isinstance(line, LineRow)] == [0, 10, 900]


def test_keys_tell_the_rows_apart() -> None:
    """Also where what stands in brackets is no model."""
    results = SearchResults()
    for text in ("10", "10:", "[10]", "10]"):
        results.add(found(7, text, 1, first=1_000 + len(results.rows())))
    results.add(found(7, "a", 3))
    results.add(found(7, None, 1, first=7))
    keys = [row.key for row in results.rows()]
    assert len(set(keys)) == len(keys)


def test_it_counts_on_where_the_list_ends() -> None:
    results = SearchResults()
    for run_id in range(5_000, 0, -1):
        results.add(found(run_id, "a", LINES_OF_A_GROUP))

    assert results.is_cut
    assert (results.runs, results.lines) == (5_000, 5_000 * LINES_OF_A_GROUP)
    assert len(results.rows()) < 10_000

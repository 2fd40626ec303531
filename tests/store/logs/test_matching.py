"""What patterns match, and where."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.logs import matching
from store.logs.levels import about, of_level
from store.logs.log_file import LogFile
from store.logs.matching import BadPattern, Matcher, all_of, matcher, matching_lines

LOG = """\
2026-11-21T03:04:05.123Z INFO [stg_flights] started
2026-11-21T03:04:06.123Z ERROR [int_delays] Binder Error: column "tailnum" not found
2026-11-21T03:04:07.123Z WARN [int_delays] größer als ÜBLICH

error: 1 of 2"""


def _open(path: Path, content: bytes) -> LogFile:
    path.write_bytes(content)
    log = LogFile(path)
    log.refresh()
    return log


def _found(path: Path, pattern: str, *, regex: bool = False) -> list[int]:
    """Numbers of the lines of LOG that match."""
    log = _open(path / "log", LOG.encode())
    starts = [line.start for line in log.lines_from(0, 100)]
    return [starts.index(start) for start in matching_lines(log, matcher(pattern, regex=regex), 0, log.size)]


@pytest.mark.parametrize(
    ("pattern", "lines"),
    [
        ("error", [1, 4]),
        ("Error", [1]),
        ("ERROR", [1]),
        ("int_delays", [1, 2]),
        ("[int_delays]", [1, 2]),
        ("üblich", [2]),
        ("GRÖSSER", []),
        ("größer", [2]),
        ("not there", []),
    ],
)
def test_literal_patterns_with_smart_case(tmp_path: Path, pattern: str, lines: list[int]) -> None:
    assert _found(tmp_path, pattern) == lines


@pytest.mark.parametrize(
    ("pattern", "lines"),
    [
        (r"error|warn", [1, 2, 4]),
        (r"ERROR|WARN", [1, 2]),
        (r"\S+ warn", [2]),
        (r"^error", [4]),
        (r"found$", [1]),
        (r"^$", [3]),
        (r"\d+ of \d+$", [4]),
        (r"started\s+2026", []),
        (r"[^x]*tailnum", [1]),
        (r"\s", [0, 1, 2, 4]),
        (r"x*", [0, 1, 2, 3, 4]),
        (r"[[]int_", [1, 2]),
        (r"[^a-z ]nt_", []),
        (r"\x45rror", [1, 4]),
        (r"(?i)ERROR", [1, 4]),
    ],
)
def test_regular_expressions_match_within_a_line(tmp_path: Path, pattern: str, lines: list[int]) -> None:
    assert _found(tmp_path, pattern, regex=True) == lines


def test_a_bad_expression_is_refused_in_a_sentence() -> None:
    with pytest.raises(BadPattern, match=r"^a\(b is no regular expression: "):
        matcher("a(b", regex=True)


def test_matches_in_shown_text_are_marked() -> None:
    assert list(matcher("err").spans("Err or ERR")) == [(0, 3), (7, 10)]
    assert list(matcher("r*", regex=True).spans("arrb")) == [(1, 3)]


def test_a_match_in_a_line_of_ten_megabytes_is_found_wherever_it_is(tmp_path: Path) -> None:
    for place in (0, matching._BLOCK_BYTES - 3, 5_000_000, 9_999_994):
        line = bytearray(b"x" * 10_000_000)
        line[place : place + 6] = b"needle"
        log = _open(tmp_path / "log", b"before\n" + bytes(line) + b"\nneedle\n")

        assert matching_lines(log, matcher("needle"), 0, log.size) == [7, 7 + 10_000_001]


def _expression(pattern: str) -> Matcher:
    return matcher(pattern, regex=True)


ERRORS = of_level("error")
assert ERRORS is not None


@pytest.mark.parametrize(
    "wanted",
    [
        all_of(matcher("needle"), ERRORS),
        all_of(ERRORS, matcher("needle")),
        all_of(about("orders"), matcher("needle"), ERRORS),
        all_of(_expression("^2026.*ERROR"), matcher("needle")),
        all_of(about("needle"), ERRORS),
    ],
    ids=["search, level", "level, search", "model, search, level", "expression, search", "a name deep in the line"],
)
@pytest.mark.parametrize("place", [100, 131_070, 200_000, 999_000])
def test_a_long_line_has_all_that_is_wanted_each_in_another_part_of_it(
    tmp_path: Path, wanted: Matcher, place: int
) -> None:
    def long_line(level: str, said: bytes) -> bytes:
        return f"2026-11-21T03:04:05.123Z {level} [orders] ".encode() + b"x " * place + said + b" x" * 300_000 + b"\n"

    info, error, other = long_line("INFO", b"needle"), long_line("ERROR", b"needle"), long_line("ERROR", b"")
    log = _open(tmp_path / "log", info + other + error + b"needle\n")
    expected = [len(info + other)]

    assert matching_lines(log, wanted, 0, log.size) == expected


LINE_OF_XS = b"x" * 500_000


@pytest.mark.parametrize(
    ("content", "wanted", "is_found"),
    [
        (LINE_OF_XS + b"y", _expression("x$"), False),
        (LINE_OF_XS + b"\nx", _expression("^x+$"), True),
        (b"y" + LINE_OF_XS, _expression("^x"), False),
        (LINE_OF_XS + b"y", _expression("(?i)X$"), False),
        (LINE_OF_XS + b"\n", _expression("(?i)X$"), True),
        (LINE_OF_XS, _expression("x|y"), True),
        (LINE_OF_XS, about("x"), False),
        (b"y" + b" x" * 100_000, about("x"), True),
        (b"9 " * 65_000 + b"9" * 972 + b" ERROR [", ERRORS, False),
        (b"2 " + LINE_OF_XS + b" ERROR [", ERRORS, False),
    ],
    ids=[
        "no end between parts",
        "all of it",
        "no start between parts",
        "flags",
        "its end",
        "alternatives",
        "no word that goes on",
        "a word deep in it",
        "no head in a part",
        "no head far from the start",
    ],
)
def test_the_parts_of_a_long_line_are_no_lines_and_no_words(
    tmp_path: Path, content: bytes, wanted: Matcher, is_found: bool
) -> None:
    log = _open(tmp_path / "log", content)

    assert bool(matching_lines(log, wanted, 0, log.size)) == is_found


@given(
    lines=st.lists(st.text("aA b[", max_size=40), max_size=6),
    first=st.text("ab", min_size=1, max_size=2),
    second=st.sampled_from(["^a", "b$", "a b", "a|b"]),
)
def test_lines_in_parts_match_as_if_they_were_read_whole(
    lines: list[str], first: str, second: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    log = _open(tmp_path_factory.mktemp("log") / "log", "".join(f"{line}\n" for line in lines).encode())
    wanted = all_of(matcher(first), _expression(second), about(first))
    whole = matching_lines(log, wanted, 0, log.size)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(matching, "_BLOCK_BYTES", 10)
        patch.setattr(matching, "_OVERLAP_BYTES", 4)
        assert matching_lines(log, wanted, 0, log.size) == whole
    log.close()


@given(
    lines=st.lists(st.text("abAB é[", max_size=8), max_size=12),
    pattern=st.text("abA é[", min_size=1, max_size=2),
    block=st.sampled_from([24, 64 * 1024]),
)
def test_the_same_lines_match_in_the_file_and_as_text(
    lines: list[str], pattern: str, block: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(matching, "_BLOCK_BYTES", block)
        patch.setattr(matching, "_OVERLAP_BYTES", 8)
        log = _open(tmp_path_factory.mktemp("log") / "log", "".join(f"{line}\n" for line in lines).encode())
        wanted = matcher(pattern)
        starts = [line.start for line in log.lines_from(0, 100)]

        found = [starts.index(start) for start in matching_lines(log, wanted, 0, log.size)]
        assert found == [number for number, line in enumerate(lines) if any(wanted.spans(line))]
        flags = re.IGNORECASE if pattern == pattern.lower() else re.NOFLAG
        assert found == [number for number, line in enumerate(lines) if re.search(re.escape(pattern), line, flags)]
        log.close()

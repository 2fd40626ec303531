"""The parts of logs that tell of errors."""

from pathlib import Path

from store.bundle.excerpts import LINES_AROUND, excerpts

HEAD = "2026-11-21T13:02:41.000Z"


def write(folder: Path, lines: list[str], name: str = "01-build.log") -> None:
    (folder / name).write_text("".join(f"{HEAD} {line}\n" for line in lines))


def said(lines: tuple[str | None, ...]) -> list[str | None]:
    return [line if line is None else line.removeprefix(f"{HEAD} ") for line in lines]


def test_an_error_has_lines_around_it(tmp_path: Path) -> None:
    lines = [f"INFO  {number}" for number in range(200)]
    lines[100] = "ERROR [a] broken"
    write(tmp_path, lines)

    [excerpt] = excerpts(tmp_path)

    assert said(excerpt.lines) == [None, *lines[100 - LINES_AROUND : 101 + LINES_AROUND], None]
    assert excerpt.errors == 1


def test_errors_near_each_other_share_their_lines(tmp_path: Path) -> None:
    lines = [f"INFO  {number}" for number in range(300)]
    lines[50] = lines[60] = lines[250] = "ERROR [a] broken"
    write(tmp_path, lines)

    [excerpt] = excerpts(tmp_path)

    expected = [None, *lines[30:81], None, *lines[230:271], None]
    assert said(excerpt.lines) == expected


def test_without_an_error_the_end_of_the_last_log_is_taken(tmp_path: Path) -> None:
    write(tmp_path, ["INFO  a"], "01-deps.log")
    write(tmp_path, [f"INFO  {number}" for number in range(100)], "02-build.log")

    [excerpt] = excerpts(tmp_path)

    assert excerpt.log == "02-build.log"
    assert said(excerpt.lines) == [None, *(f"INFO  {number}" for number in range(60, 100))]


def test_a_word_in_a_line_is_no_error(tmp_path: Path) -> None:
    write(tmp_path, ["INFO  this ERROR is only named"])
    assert excerpts(tmp_path)[0].errors == 0


def test_many_errors_do_not_make_it_endless(tmp_path: Path) -> None:
    write(tmp_path, ["ERROR [a] broken"] * 50_000)
    [excerpt] = excerpts(tmp_path)
    assert len(excerpt.lines) < 100


def test_no_logs_no_excerpts(tmp_path: Path) -> None:
    assert excerpts(tmp_path / "nowhere") == []

from pathlib import Path

import pytest

from store.logs.step_logs import LogTail, is_of_step, log_files, step_name


def test_logs_come_in_the_order_of_their_steps(tmp_path: Path) -> None:
    for name in ("02-build.log", "01-deps.log", "notes.txt"):
        (tmp_path / name).touch()
    assert [step_name(file) for file in log_files(tmp_path)] == ["deps", "build"]
    assert log_files(tmp_path / "missing") == []


@pytest.mark.parametrize(
    ("step", "meant"), [("build", True), ("2", True), ("02", True), ("02-build", True), ("1", False), ("buil", False)]
)
def test_the_ways_to_name_a_step(step: str, meant: bool) -> None:
    assert is_of_step(Path("02-build.log"), step) is meant


def test_a_tail_waits_for_the_end_of_a_line(tmp_path: Path) -> None:
    file = tmp_path / "01-x.log"
    file.write_bytes("one\nzw\N{LATIN SMALL LETTER O WITH DIAERESIS}".encode()[:-1])
    tail = LogTail(file)
    assert tail.new_lines() == ["one"]
    assert tail.new_lines() == []
    with file.open("ab") as stream:
        stream.write("\N{LATIN SMALL LETTER O WITH DIAERESIS}".encode()[-1:] + b"lf\nlast")
    assert tail.new_lines() == ["zw\N{LATIN SMALL LETTER O WITH DIAERESIS}lf"]
    assert tail.new_lines(complete=True) == ["last"]
    assert tail.new_lines(complete=True) == []

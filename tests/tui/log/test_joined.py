"""Several logs as one."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from store.logs.log_file import LogState
from tui.log.joined import JoinedLog, LogPart


def _joined(folder: Path, **contents: str) -> JoinedLog:
    for name, content in contents.items():
        (folder / name).write_text(content)
    return JoinedLog(
        "run-1.log", [LogPart(f"{number} {name}", folder / name) for number, name in enumerate(contents, 1)]
    )


def _texts(log: JoinedLog) -> list[str]:
    return [line.content.decode().rstrip("─") for line in log.lines_from(0, 1000)]


def test_the_steps_come_one_after_the_other_below_their_names(tmp_path: Path) -> None:
    log = _joined(tmp_path, deps="a\nb\n", nothing="", build="c\nunfinished", test="d\n")
    state = log.refresh()
    assert state is not None
    assert state.size == log.size
    assert _texts(log) == ["── 1 deps ", "a", "b", "── 3 build ", "c", "unfinished", "── 4 test ", "d"]
    assert [line.start for line in log.lines_before(log.size, 100)] == [line.start for line in log.lines_from(0, 100)]
    log.close()


def test_there_is_no_log_before_a_step_wrote_one(tmp_path: Path) -> None:
    log = JoinedLog("run-1.log", [LogPart("1 build", tmp_path / "build")])
    assert log.refresh() is None
    (tmp_path / "build").write_text("a\n")
    assert log.refresh() == LogState(log.size, 0)
    assert _texts(log) == ["── 1 build ", "a"]
    log.close()


def test_growth_of_the_last_step_and_a_new_step_leave_offsets_as_they_were(tmp_path: Path) -> None:
    log = _joined(tmp_path, deps="a\n", build="b\n", test="")
    before = log.refresh()
    assert before is not None
    with (tmp_path / "build").open("a") as file:
        file.write("c\n")
    grown = log.refresh()
    assert grown == LogState(before.size + 2, before.generation)
    (tmp_path / "test").write_text("d\n")
    log.parts = (*log.parts, LogPart("4 docs", tmp_path / "docs"))
    (tmp_path / "docs").write_text("e\n")
    more = log.refresh()
    assert more is not None
    assert more.generation == before.generation
    assert _texts(log)[-4:] == ["── 3 test ", "d", "── 4 docs ", "e"]
    log.close()


def test_growth_of_an_earlier_step_makes_it_another_log(tmp_path: Path) -> None:
    log = _joined(tmp_path, deps="a\n", build="b\n")
    before = log.refresh()
    assert before is not None
    with (tmp_path / "deps").open("a") as file:
        file.write("late\n")
    after = log.refresh()
    assert after is not None
    assert after.generation > before.generation
    assert _texts(log) == ["── 1 deps ", "a", "late", "── 2 build ", "b"]
    log.close()


@given(start=st.integers(0, 260), size=st.integers(0, 260))
def test_any_part_of_it_is_read(start: int, size: int, tmp_path_factory: object) -> None:
    folder = tmp_path_factory.mktemp("logs")  # type: ignore[attr-defined]
    log = _joined(folder, deps="a\nb\n", build="c\n")
    log.refresh()
    whole = log.read(0, 10_000)
    assert len(whole) == log.size
    assert log.read(start, size) == whole[start : start + size]
    log.close()

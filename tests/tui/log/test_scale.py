"""Logs that are large, odd or growing, in every mode."""

import asyncio
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from blockbuster import BlockingError

from store.logs.log_file import LogFile
from store.logs.matching import Matcher, matcher, matching_lines
from tests.tui.log.log_stage import LogApp, append, line, until, until_shown
from tui.log import quick_count as quick_count_module
from tui.log.export import copied_text
from tui.log.modes import LogModes
from tui.log.quick_count import counts_quickly, quick_count
from tui.log.times import TIME_STYLES

ODD = (
    b"2026-11-21T03:04:05.001Z INFO  [a] plain\n"
    b"2026-11-21T03:04:05.002Z ERROR [a] nul \x00 bell \x07 invalid \xff\xfe \xc3\n"
    b"2026-11-21T03:04:05.003Z INFO  [a]  1%\r2026-11-21T03:04:05.004Z INFO  [a] 50%\r99% done\r\n"
    b"\ttab\tand\ttab\n" + "2026-11-21T03:04:06.000Z WARN  [b] 界面 wide ".encode() + "字".encode() * 60 + b"\n"
    b"2026-11-21T03:04:07.000Z INFO  [b] " + b"x" * 10_000_000 + b" needle\n"
    b"\x1b[31mred\x1b[0m \x1b]0;title\x07\x1b[2J[bold]end[/]\n\n\n\nunfinished"
)


def _all_modes() -> Iterator[LogModes]:
    for number, times in enumerate(TIME_STYLES):
        yield LogModes(times=times, numbers=number % 2 == 0)
        yield LogModes(times=times, wrap=True, numbers=number % 2 == 1)
        yield LogModes(times=times, wrap=True, only_matching=True, context=2)
        yield LogModes(times=times, level="warn", context=number)


async def test_odd_bytes_fill_their_rows_and_no_more_in_every_mode(tmp_path: Path) -> None:
    path = tmp_path / "01-build.log"
    path.write_bytes(ODD)
    app = LogApp(path, follow=False)
    async with app.run_test(size=(60, 20)) as pilot:
        await until_shown(app, pilot, "[bold]end[/]")
        app.view.search("a")
        for modes in _all_modes():
            app.view.change_modes(modes)
            for key in ("g", "pagedown", "G", "k"):
                await pilot.press(key)
            reading = app.view.reading
            assert reading is not None
            await until(app, pilot, lambda reading=reading: not reading.wants_step(), "all to be read")  # type: ignore[misc]
            strips = [app.view.render_line(y) for y in range(20)]
            assert {strip.cell_length for strip in strips} == {60}, modes
            text = "".join(strip.text for strip in strips)
            assert not [letter for letter in text if letter < " " or "\x7f" <= letter < "\xa0"], modes


async def test_a_line_of_ten_megabytes_is_found_filtered_and_copied_in_part(tmp_path: Path) -> None:
    path = tmp_path / "01-build.log"
    path.write_bytes(ODD)
    app = LogApp(path, follow=False, pane=True)
    async with app.run_test(size=(60, 10)) as pilot:
        await until_shown(app, pilot, "plain")
        app.view.search("needle")
        app.view.change_modes(replace(app.view.modes, only_matching=True, wrap=True))
        await until_shown(app, pilot, "1 line with /needle")
        await until(app, pilot, lambda: app.content()[0].startswith("03:04:07.000 INFO  [b] xxx"))
        await pilot.press("y")
        await until(app, pilot, lambda: len(app.copied) == 1)
        assert len(app.copied[0][0]) < 10_000


def _ends(app: LogApp) -> tuple[str, ...]:
    """The last two words of the last lines in view."""
    return tuple(" ".join(text.split()[-2:]) for text in app.content()[-5:])


async def test_a_growing_log_stays_right_in_every_mode(tmp_path: Path) -> None:
    path = tmp_path / "01-build.log"
    path.write_text("".join(line(number) for number in range(100)))
    app = LogApp(path, follow=True)
    written = 100
    async with app.run_test(size=(100, 12)) as pilot:
        await until_shown(app, pilot, "message 99")
        app.view.search("message")
        await until_shown(app, pilot, "100 lines with /message")
        app.view.follow()
        for modes in (
            LogModes(numbers=True, wrap=True, times="since_previous"),
            LogModes(level="error", context=1, numbers=True),
            LogModes(only_matching=True, times="off"),
        ):
            app.view.change_modes(modes)
            for _ in range(5):
                text = line(written, "ERROR")
                append(path, text[:40])
                app.view.look()
                await pilot.pause()
                append(path, text[40:])
                written += 1
            last = tuple(f"message {number}" for number in range(written - 5, written))
            await until(app, pilot, lambda last=last: _ends(app) == last, str(last))  # type: ignore[misc]
            if modes.numbers:
                await until_shown(app, pilot, f" {written} ")
        await until_shown(app, pilot, f"{written} lines with /message")


def test_what_is_copied_is_bounded(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_text("a line\n" * 20_000)
    log = LogFile(path)
    log.refresh()
    text, count = copied_text(log, None, 0, log.size)
    log.close()
    assert count == 5_000
    assert text.count("\n") == 4_999


@pytest.mark.parametrize(
    ("wanted", "is_worth_it"),
    [
        (matcher("needle"), True),
        (matcher("größe"), False),
        (matcher(r"node_\d+: [a-z_]+ (took|ran) 9\.\d+s$", regex=True), True),
        (matcher(r"(?i)needle", regex=True), False),
        (matcher(r"a{2}", regex=True), False),
        (matcher(r"[[]x", regex=True), False),
    ],
)
def test_only_patterns_that_mean_the_same_elsewhere_are_counted_elsewhere(
    wanted: Matcher, is_worth_it: bool, tmp_path: Path
) -> None:
    log = LogFile(tmp_path / "log")
    assert counts_quickly(log, 10**9, wanted) is is_worth_it
    assert not counts_quickly(log, 10**6, wanted)


async def test_a_count_of_a_log_that_has_grown_is_none(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_text("needle\n" * 3)
    assert await quick_count(LogFile(path), matcher("needle"), 5) is None
    assert await quick_count(LogFile(tmp_path / "other"), matcher("needle"), 5) is None


@pytest.mark.parametrize("program", ["rg", "grep"])
@pytest.mark.parametrize("pattern", ["needle", "Needle", "-e [x]", "\\", " "])
def test_other_programs_count_as_we_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str, pattern: str
) -> None:
    found = shutil.which(program)
    if found is None:
        pytest.skip(f"{program} is not installed")
    monkeypatch.setattr(quick_count_module, "_program", lambda name: found if name == program else None)
    path = tmp_path / "log"
    path.write_bytes(ODD + b"\nNeedle, needle -E [X] \\\xc3\n\0needle -e [x]\nNEEDLE without an end")
    log, wanted = LogFile(path), matcher(pattern)
    log.refresh()
    assert asyncio.run(quick_count(log, wanted, log.size)) == len(matching_lines(log, wanted, 0, log.size))
    log.close()


async def test_without_another_program_there_is_no_quick_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "log"
    path.write_bytes(b"needle\n")
    monkeypatch.setattr(quick_count_module, "_program", lambda _: None)
    assert await quick_count(LogFile(path), matcher("needle"), 7) is None
    monkeypatch.setattr(quick_count_module, "_program", lambda name: "grep" if name == "grep" else None)
    assert await quick_count(LogFile(path), matcher("ne+dle", regex=True), 7) is None, "its expressions are others"


async def test_reading_on_the_event_loop_is_caught_by_every_screen_test(tmp_path: Path) -> None:
    path = tmp_path / "log"
    log = LogFile(path)
    with pytest.raises(BlockingError):
        log.refresh()

    path.write_bytes(b"first\n")
    await asyncio.to_thread(log.refresh)
    with pytest.raises(BlockingError):
        log.lines_from(0, 1)

"""What one does to a log with keys."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from tests.tui.log.log_stage import EMPTY, LogApp, append, line, numbers, until, until_shown, write_numbered
from tui.log.joined import JoinedLog, LogPart
from tui.widgets.log_search_bar import LogSearchBar
from tui.widgets.log_view import LogView


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "01-build.log"


def _with_errors(path: Path, count: int = 3000) -> None:
    path.write_text("".join(line(number, "ERROR" if number % 100 == 7 else "INFO") for number in range(count)))


def _app(path: Path, follow: bool = False) -> LogApp:
    return LogApp(path, follow, pane=True)


def _found(app: LogApp) -> int | None:
    reading = app.view.reading
    assert reading is not None
    return next((int(text.content.split()[-1]) for text in reading.shown() if text.start == reading.match_start), None)


def _bar(app: LogApp) -> str:
    bar = app.query_one(LogSearchBar)
    return " ".join(str(part.render()) for part in bar.query("Static"))


async def test_lines_are_counted_while_one_types_and_esc_goes_back(path: Path) -> None:
    write_numbered(path, 2000)
    app = _app(path)
    async with app.run_test(size=(80, 12)) as pilot:
        await until_shown(app, pilot, "message 0")
        app.view.go_to_byte(path.read_text().index("message 700"))
        await until(app, pilot, lambda: numbers(app)[0] == 700)
        await pilot.press("slash", *"MESSAGE")
        await until(app, pilot, lambda: "0 lines" in _bar(app), "no line in capitals")
        await pilot.press(*["backspace"] * 7, *"message 12")
        await until(app, pilot, lambda: "111 lines" in _bar(app), "lines with message 12")
        await until(app, pilot, lambda: _found(app) == 1200, "the first from here on")

        await pilot.press("escape")
        await until(app, pilot, lambda: numbers(app)[0] == 700, "where it began")
        assert "lines with" not in app.status()
        assert app.focused is app.view


async def test_a_regular_expression_is_searched_for_and_a_bad_one_refused(path: Path) -> None:
    write_numbered(path, 1000)
    app = _app(path)
    async with app.run_test(size=(80, 12)) as pilot:
        await until_shown(app, pilot, "message 0")
        await pilot.press("slash", "ctrl+r", *"message 5.5$")
        await until(app, pilot, lambda: "10 lines" in _bar(app), "ten lines")
        await pilot.press("(")
        await until(app, pilot, lambda: "no regular expression" in _bar(app), "why not")
        await pilot.press("enter")
        assert app.query_one(LogSearchBar).is_open

        await pilot.press("backspace", "enter")
        await until_shown(app, pilot, "10 lines with /message 5.5$")
        assert not app.query_one(LogSearchBar).is_open
        await pilot.press("n")
        await until(app, pilot, lambda: _found(app) == 515)
        await pilot.press("ctrl+r")
        await until_shown(app, pilot, "0 lines with /message 5.5$")


async def test_only_what_matches_is_shown_with_lines_around_it(path: Path) -> None:
    write_numbered(path, 2000)
    app = _app(path)
    async with app.run_test(size=(80, 12)) as pilot:
        await until_shown(app, pilot, "message 0")
        await pilot.press("ampersand", *"message 90", "enter")
        await until(app, pilot, lambda: numbers(app) == [90, *range(900, 910)], "only what matches")
        await pilot.press("plus")
        await until(app, pilot, lambda: numbers(app)[:6] == [89, 90, 91, 899, 900, 901], "a line around each")
        assert app.content()[3].startswith("┆ ")
        assert not app.content()[0].startswith("┆")
        assert "only matching ±1" in app.status()
        await pilot.press("minus", "minus")
        await until(app, pilot, lambda: numbers(app) == [90, *range(900, 910)], "nothing around")

        await pilot.press("G")
        append(path, line(90_000))
        await until(app, pilot, lambda: numbers(app)[-1] == 90_000, "what came")
        await pilot.press("ampersand")
        await until(app, pilot, lambda: numbers(app)[-2:] == [1999, 90_000], "all lines")


async def test_lines_around_a_match_that_came_later_are_shown_too(path: Path) -> None:
    write_numbered(path, 100)
    app = _app(path, follow=True)
    async with app.run_test(size=(80, 12)) as pilot:
        await until_shown(app, pilot, "message 99")
        app.view.search("ERROR")
        app.view.change_modes(replace(app.view.modes, only_matching=True, context=2))
        await until(app, pilot, lambda: numbers(app) == [], "nothing")
        append(path, line(100, "ERROR") + line(101))
        await until(app, pilot, lambda: numbers(app) == [98, 99, 100, 101], "the match with what is around it")
        append(path, line(102) + line(103))
        await until(app, pilot, lambda: numbers(app) == [98, 99, 100, 101, 102], "what is around it")


async def test_levels_and_errors(path: Path) -> None:
    _with_errors(path)
    app = _app(path)
    async with app.run_test(size=(80, 12)) as pilot:
        await until_shown(app, pilot, "message 0")
        for number in (7, 107, 207):
            await pilot.press("e")
            await until(app, pilot, lambda number=number: _found(app) == number)  # type: ignore[misc]
        await pilot.press("E", "E", "E")
        await until(app, pilot, lambda: _found(app) == 2907, "the last one, before the first")
        await pilot.press("f", "f")
        await until(app, pilot, lambda: set(numbers(app)) <= set(range(7, 3000, 100)), "only errors")
        await until_shown(app, pilot, "only errors")
        await pilot.press("escape")
        await until(app, pilot, lambda: numbers(app)[0] % 100 != 7 or numbers(app)[1] % 100 != 7, "all lines")
        assert app.left == 0


async def test_the_next_error_is_another_also_from_far_away(path: Path) -> None:
    _with_errors(path)
    app = _app(path)
    async with app.run_test(size=(80, 12)) as pilot:
        await until_shown(app, pilot, "message 0")
        await pilot.press("e")
        await until(app, pilot, lambda: _found(app) == 7, "the first error")
        await pilot.press("G")
        await until_shown(app, pilot, "message 2999")
        await pilot.press("e")
        await until(app, pilot, lambda: _found(app) == 107, "the one behind it")


async def test_the_only_error_is_gone_to_from_far_away_again(path: Path) -> None:
    path.write_text("".join(line(number, "ERROR" if number == 7 else "INFO") for number in range(3000)))
    app = _app(path)
    async with app.run_test(size=(80, 12)) as pilot:
        await until_shown(app, pilot, "message 0")
        await pilot.press("e")
        await until(app, pilot, lambda: _found(app) == 7, "the error")
        await pilot.press("G")
        await until_shown(app, pilot, "message 2999")
        await pilot.press("e")
        await until_shown(app, pilot, "message 7")
        assert _found(app) == 7


async def test_keys_that_a_log_has_no_use_for_are_for_the_page(path: Path) -> None:
    write_numbered(path, 100)
    app = _app(path)
    async with app.run_test(size=(80, 12)) as pilot:
        await until_shown(app, pilot, "message 0")
        reading = app.view.reading
        assert reading is not None
        await until(app, pilot, lambda: reading.survey.errors.is_done(reading.size))
        await pilot.press("e", "escape")
        await until(app, pilot, lambda: app.left == 2, "two keys")


async def test_times_in_all_styles(path: Path) -> None:
    path.write_text(
        "2026-11-21T03:04:05.123Z INFO  one\n"
        "  more of it\n"
        "2026-11-21T03:05:06.000Z WARN  two\n"
        "2026-11-21T04:05:06.000Z INFO  three\n"
    )
    app = _app(path)
    async with app.run_test(size=(80, 8)) as pilot:
        await until_shown(app, pilot, "03:04:05.123 INFO  one")
        seen = []
        for _ in range(5):
            seen.append([text.removesuffix("  one").removesuffix("INFO").strip() for text in app.content()[:4]])
            await pilot.press("t")
        assert seen[0] == ["03:04:05.123", "more of it", "03:05:06.000 WARN  two", "04:05:06.000 INFO  three"]
        assert seen[1] == ["+0.000", "more of it", "+1:00.877 WARN  two", "+1:01:00 INFO  three"]
        assert seen[2] == ["", "more of it", "+1:00.877 WARN  two", "+1:00:00 INFO  three"]
        assert seen[3] == ["", "more of it", "WARN  two", "INFO  three"]
        assert seen[4][2] == "2026-11-21T03:05:06.000Z WARN  two"


async def test_lines_are_numbered_as_far_as_they_were_counted_and_when_the_log_grows(path: Path) -> None:
    write_numbered(path, 5000)
    app = _app(path, follow=True)
    async with app.run_test(size=(80, 12)) as pilot:
        await until_shown(app, pilot, "message 4999")
        await pilot.press("number_sign")
        await until_shown(app, pilot, "5,000 ")
        append(path, line(5000))
        await until_shown(app, pilot, "5,001 ")
        await pilot.press("g")
        await until(app, pilot, lambda: numbers(app)[0] == 0)
        await until(app, pilot, lambda: app.content()[0].lstrip().startswith("1 "), "the first number")


async def test_long_lines_are_wrapped_and_walked_through_by_rows(path: Path) -> None:
    wide = "界" * 100
    path.write_text("".join(f"line {number} {'x' * 100}\n" for number in range(50)) + f"{wide}\n\ttab\n" + "end\n")
    app = _app(path)
    async with app.run_test(size=(42, 12)) as pilot:
        await until_shown(app, pilot, "line 0")
        await pilot.press("w")
        await until(app, pilot, lambda: app.content()[:3] == [f"line 0 {'x' * 33}", "x" * 40, "x" * 27], "three rows")
        await pilot.press("j")
        assert app.content()[:3] == ["x" * 40, "x" * 27, f"line 1 {'x' * 33}"]
        await pilot.press("k", "k")
        assert app.content()[0] == f"line 0 {'x' * 33}"

        await pilot.press("G")
        await until(app, pilot, lambda: app.content()[-1] == "end", "the end")
        assert app.content()[-7:-1] == ["界" * 20] * 5 + ["        tab"]
        for _ in range(200):
            app.view.action_cursor_up()
        await until(app, pilot, lambda: app.content()[0] == f"line 0 {'x' * 33}", "the start")
        await pilot.press("w")
        await until(app, pilot, lambda: app.content()[1] == f"line 1 {'x' * 33}", "a row for each line")


@pytest.mark.parametrize(
    ("typed", "number"), [("1,235", 1234), ("50%", 2500), ("03:04:05.5", 500), ("+0h 0m 1s", 4999)]
)
async def test_places_are_gone_to(typed: str, number: int, path: Path) -> None:
    path.write_text("".join(f"{line(min(entry, 999))[:24]} INFO  message {entry:04d}\n" for entry in range(5000)))
    app = _app(path, follow=True)
    async with app.run_test(size=(80, 12)) as pilot:
        await until_shown(app, pilot, "4999")
        await pilot.press("ctrl+g", *typed, "enter")
        await until(app, pilot, lambda: number in numbers(app), f"line {number}")
        assert app.focused is app.view


async def test_what_is_no_place_is_refused_and_esc_stays(path: Path) -> None:
    write_numbered(path, 100)
    app = _app(path)
    async with app.run_test(size=(80, 12), notifications=True) as pilot:
        await until_shown(app, pilot, "message 0")
        await pilot.press("ctrl+g", *"nowhere", "enter")
        await until(app, pilot, lambda: len(app._notifications) == 1, "why not")
        assert app.focused is not app.view
        await pilot.press("escape")
        await until(app, pilot, lambda: app.focused is app.view)
        assert numbers(app)[0] == 0


async def test_marks_are_set_gone_to_and_taken_away(path: Path) -> None:
    write_numbered(path, 1000)
    app = _app(path)
    async with app.run_test(size=(80, 12)) as pilot:
        await until_shown(app, pilot, "message 0")
        await pilot.press("apostrophe")
        await until_shown(app, pilot, "no line is marked")
        await pilot.press("m")
        assert app.content()[0].startswith("▸ ")
        app.view.search("message 700")
        await until(app, pilot, lambda: _found(app) == 700)
        await pilot.press("m", "apostrophe")
        await until(app, pilot, lambda: _found(app) == 0, "the first mark, behind the last")
        await pilot.press("quotation_mark")
        await until(app, pilot, lambda: _found(app) == 700, "the last mark, before the first")
        await pilot.press("m")
        assert not any(text.startswith("▸") and "700" in text for text in app.content())

        os.truncate(path, len(line(0)) * 5)
        await until(app, pilot, lambda: numbers(app) == [0, 1, 2, 3, 4])
        assert not app.content()[0].startswith("▸"), "marks of a log that is gone"


async def test_lines_are_selected_and_copied_as_they_were_written(path: Path) -> None:
    path.write_bytes(b"one \x1b[31mred\x1b[0m\n" + b"".join(b"line %d\n" % number for number in range(100)))
    app = _app(path)
    async with app.run_test(size=(80, 8)) as pilot:
        await until_shown(app, pilot, "one")
        await pilot.press("y")
        await until(app, pilot, lambda: app.copied == [("one red", 1)])
        await pilot.press("v", *["j"] * 10)
        await until_shown(app, pilot, "line 9")
        assert "selecting" in app.status()
        await pilot.press("y")
        await until(app, pilot, lambda: len(app.copied) == 2)
        assert app.copied[1] == ("\n".join(["one red", *(f"line {number}" for number in range(10))]), 11)
        assert app.view.selection is None
        await pilot.press("v", "k", "escape")
        assert app.view.selection is None
        assert app.left == 0


async def test_only_the_shown_lines_are_copied_and_saved(path: Path, tmp_path: Path) -> None:
    _with_errors(path, 1000)
    app = _app(path)
    async with app.run_test(size=(80, 12)) as pilot:
        await until_shown(app, pilot, "message 0")
        await pilot.press("f", "f")
        await until(app, pilot, lambda: numbers(app) == list(range(7, 1000, 100)))
        await pilot.press("v", "j", "y")
        await until(app, pilot, lambda: app.copied == [((line(7, "ERROR") + line(107, "ERROR"))[:-1], 2)])

        for key, name, content in (
            ("S", "shown.log", "".join(line(number, "ERROR") for number in range(7, 1000, 100))),
            ("s", "whole.log", path.read_text()),
        ):
            await pilot.press(key)
            await until(app, pilot, lambda: len(app.screen_stack) == 2, "where to save it")
            await pilot.press("ctrl+u", *str(tmp_path / name), "enter")
            await until(app, pilot, lambda: len(app.screen_stack) == 1, "the log again")
            assert (tmp_path / name).read_text() == content


async def test_the_map_shows_where_errors_and_matches_are(path: Path) -> None:
    path.write_text("".join(line(number, "ERROR" if number == 500 else "INFO") for number in range(1000)))
    app = _app(path)
    async with app.run_test(size=(80, 12)) as pilot:
        await until(app, pilot, lambda: app.map() == "│    ■     ", "the error")
        app.view.search("message 99")
        await until(app, pilot, lambda: app.map() == " •   ■    •", "the matches")
        append(path, "".join(line(number) for number in range(2000, 3000)))
        await until(
            app, pilot, lambda: app.map() == "•  ■ •     ".replace("•  ■ •", "•• ■ •")[:11] or "■" in app.map()[:4]
        )


async def test_the_logs_of_all_steps_are_one(path: Path, tmp_path: Path) -> None:
    write_numbered(path, 50)
    other = tmp_path / "02-test.log"
    parts = [LogPart("1 build", path), LogPart("2 test", other)]
    app = LogApp(JoinedLog("run-1.log", parts), pane=True)
    async with app.run_test(size=(80, 12)) as pilot:
        await until_shown(app, pilot, "message 49")
        other.write_text(line(50, "ERROR"))
        await until_shown(app, pilot, "message 50")
        assert app.content()[-2].strip().startswith("── 2 test ──")
        await pilot.press("E")
        await until(app, pilot, lambda: _found(app) == 50, "the error")
        await pilot.press("S")
        await until(app, pilot, lambda: len(app.screen_stack) == 2, "where to save it")
        await pilot.press("ctrl+u", *str(tmp_path / "all.log"), "enter")
        await until(app, pilot, lambda: len(app.screen_stack) == 1, "the log again")
        assert (tmp_path / "all.log").read_text().count("message") == 51


async def test_without_a_log_keys_do_nothing(path: Path) -> None:
    app = _app(path)
    async with app.run_test(size=(80, 12)) as pilot:
        await until_shown(app, pilot, EMPTY.splitlines()[0])
        await pilot.press(*"wtfmvyesSo&#+-", "apostrophe", "ctrl+r")
        write_numbered(path, 10)
        await until_shown(app, pilot, "message 9")
        assert isinstance(app.focused, LogView)

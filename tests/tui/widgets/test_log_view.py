"""The log view over real files."""

import os
from dataclasses import replace
from pathlib import Path

import pytest
from textual.events import MouseScrollDown

from store.logs.log_file import LogFile
from store.logs.matching import BadPattern, matcher
from tests.tui.log.log_stage import EMPTY, LogApp, append, line, numbers, until, until_shown, write_numbered
from tui.log.reading import LogReading
from tui.log.window import View
from tui.widgets.log_view import LogView


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "01-build.log"


async def test_a_followed_log_opens_at_its_end_and_shows_what_is_written(path: Path) -> None:
    write_numbered(path, 1000)
    app = LogApp(path, follow=True)
    async with app.run_test(size=(80, 11)) as pilot:
        app.view.focus()
        await until_shown(app, pilot, "message 999")
        assert numbers(app) == list(range(990, 1000))
        assert app.status().startswith("following, ")

        append(path, line(1000) + "unfinish")
        await until_shown(app, pilot, "unfinish")
        append(path, "ed line 1001\n")
        await until_shown(app, pilot, "unfinished line 1001")
        assert numbers(app) == list(range(992, 1002))


async def test_scrolling_up_lets_go_and_counts_what_is_new(path: Path) -> None:
    write_numbered(path, 1000)
    app = LogApp(path, follow=True)
    async with app.run_test(size=(80, 11)) as pilot:
        app.view.focus()
        await until_shown(app, pilot, "message 999")
        await pilot.press("up")
        await until(app, pilot, lambda: numbers(app) == list(range(989, 999)))

        append(path, "".join(line(number) for number in range(1000, 2234)))
        await until_shown(app, pilot, "+1,234 new, F follows")
        assert numbers(app) == list(range(989, 999))

        await pilot.press("F")
        await until_shown(app, pilot, "message 2233")
        assert "new" not in app.status()


async def test_the_whole_log_can_be_walked_through_in_both_directions(path: Path) -> None:
    write_numbered(path, 3000)
    app = LogApp(path, follow=False)
    async with app.run_test(size=(80, 21)) as pilot:
        app.view.focus()
        await until_shown(app, pilot, "message 0")
        seen = set(numbers(app))
        for page in range(1, 158):
            app.view.action_page_down()
            top = min(page * 19, 2980)
            await until(app, pilot, lambda top=top: numbers(app)[0] == top, f"line {top} on top")  # type: ignore[misc]
            seen |= set(numbers(app))
        assert seen == set(range(3000))
        assert app.status().startswith("100% of ")

        for _ in range(170):
            app.view.action_page_up()
        await until(app, pilot, lambda: numbers(app) == list(range(20)))


async def test_movements_by_line_half_page_page_and_to_both_ends(path: Path) -> None:
    write_numbered(path, 1000)
    app = LogApp(path, follow=False)
    async with app.run_test(size=(80, 11)) as pilot:
        app.view.focus()
        await until_shown(app, pilot, "message 9")
        tops = []
        for key in ("j", "ctrl+d", "pagedown", "pageup", "ctrl+u", "k", "k"):
            await pilot.press(key)
            tops.append(numbers(app)[0])
        assert tops == [1, 6, 15, 6, 1, 0, 0]

        await pilot.press("G")
        await until_shown(app, pilot, "message 999")
        assert app.view.status is not None
        assert app.view.status.following
        await pilot.press("g")
        await until(app, pilot, lambda: numbers(app)[0] == 0)
        assert not app.view.status.following


async def test_many_page_ups_at_once_are_all_made(path: Path) -> None:
    write_numbered(path, 5000)
    app = LogApp(path, follow=True)
    async with app.run_test(size=(80, 11)) as pilot:
        await until_shown(app, pilot, "message 4999")
        for _ in range(100):
            app.view.action_page_up()

        await until(app, pilot, lambda: numbers(app) == list(range(4090, 4100)))


async def test_a_log_that_does_not_exist_yet_says_what_would_be_there(path: Path) -> None:
    app = LogApp(path, follow=True)
    async with app.run_test(size=(80, 6)) as pilot:
        await pilot.pause()
        assert app.lines()[:2] == EMPTY.splitlines()
        path.write_text("first\n")

        await until_shown(app, pilot, "first")
        assert EMPTY.splitlines()[0] not in app.lines()


async def test_a_log_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    app = LogApp(tmp_path, follow=True)
    async with app.run_test(size=(120, 6)) as pilot:
        await until_shown(app, pilot, "cannot be read: Is a directory.")


async def test_truncation_and_replacement_show_the_new_content(path: Path) -> None:
    write_numbered(path, 100)
    app = LogApp(path, follow=True)
    async with app.run_test(size=(80, 11)) as pilot:
        await until_shown(app, pilot, "message 99")
        os.truncate(path, len(line(0)) * 2)
        await until(app, pilot, lambda: numbers(app) == [0, 1])

        other = path.with_name("other")
        other.write_text("something else 5\n")
        other.replace(path)
        await until(app, pilot, lambda: numbers(app) == [5])


async def test_search_shows_the_first_match_marks_all_and_counts_them(path: Path) -> None:
    write_numbered(path, 2000)
    app = LogApp(path, follow=False)
    async with app.run_test(size=(80, 11)) as pilot:
        app.view.focus()
        await until_shown(app, pilot, "message 0")
        app.view.search("MESSAGE 500")
        await until(app, pilot, lambda: "searched" not in app.status() and "lines with /MESSAGE 500" in app.status())
        assert "0 lines with" in app.status()

        app.view.search("message 12")
        await until_shown(app, pilot, "111 lines with /message 12")
        assert app.view.status is not None
        await until(app, pilot, lambda: 12 in numbers(app))
        places = [12, 120, 121]
        for place in places[1:]:
            await pilot.press("n")
            await until(app, pilot, lambda place=place: _match(app) == place, f"match {place}")  # type: ignore[misc]
        await pilot.press("N", "N", "N")
        await until(app, pilot, lambda: _match(app) == 1299, "the last match, before the first one")
        assert 1299 in numbers(app)

        append(path, line(12_000))
        await until_shown(app, pilot, "112 lines with /message 12")
        app.view.search("")
        await until(app, pilot, lambda: "lines with" not in app.status())


def _match(app: LogApp) -> int | None:
    reading = app.view._reading
    assert reading is not None
    found = next((line for line in reading.window.lines if line.start == reading.match_start), None)
    return None if found is None else int(found.content.split()[-1])


async def test_at_the_end_of_a_log_search_goes_to_the_nearest_match_above(path: Path) -> None:
    write_numbered(path, 2000)
    app = LogApp(path, follow=True)
    async with app.run_test(size=(80, 11)) as pilot:
        await until_shown(app, pilot, "message 1999")
        app.view.search("message 12")

        await until(app, pilot, lambda: _match(app) == 1299)
        assert 1299 in numbers(app)


async def test_search_by_regular_expression_and_without_result(path: Path) -> None:
    write_numbered(path, 100)
    app = LogApp(path, follow=False)
    async with app.run_test(size=(80, 11)) as pilot:
        await until_shown(app, pilot, "message 0")
        app.view.search(r"node_3\] message [89]\d$", regex=True)
        await until(app, pilot, lambda: _match(app) == 80)
        app.view.search("nowhere")
        await until_shown(app, pilot, "0 lines with /nowhere")
        with pytest.raises(BadPattern):
            app.view.search("(", regex=True)


async def test_matches_are_highlighted_where_they_are(path: Path) -> None:
    path.write_text("a needle and a NEEDLE\n")
    app = LogApp(path, follow=False)
    async with app.run_test(size=(80, 5)) as pilot:
        await until_shown(app, pilot, "needle")
        app.view.search("needle")
        await until_shown(app, pilot, "1 line with")
        marked = app.view.get_component_rich_style("log-view--match", partial=True).bgcolor
        segments = [segment for segment in app.view.render_line(0) if segment.style and segment.style.bgcolor == marked]

        assert [segment.text for segment in segments] == ["needle", "NEEDLE"]


async def test_only_lines_that_match_can_be_shown(path: Path) -> None:
    path.write_text("".join(line(number, "ERROR" if number % 100 == 7 else "INFO") for number in range(3000)))
    app = LogApp(path, follow=True)
    async with app.run_test(size=(80, 11)) as pilot:
        app.view.focus()
        await until_shown(app, pilot, "message 2999")
        app.view.change_modes(replace(app.view.modes, level="error"))
        await until(app, pilot, lambda: numbers(app) == list(range(2007, 3000, 100)))
        append(path, line(5000) + line(5007, "ERROR"))
        await until(app, pilot, lambda: numbers(app) == [*range(2107, 3000, 100), 5007])

        await pilot.press("g")
        await until(app, pilot, lambda: numbers(app) == list(range(7, 1000, 100)))
        await pilot.press("pagedown", "pagedown")
        await until(app, pilot, lambda: numbers(app) == list(range(1807, 2800, 100)))

        app.view.change_modes(app.view.modes.of_all_lines())
        await until(app, pilot, lambda: numbers(app) == list(range(1807, 1817)))


async def test_a_hostile_log_is_shown_and_not_obeyed(path: Path) -> None:
    path.write_bytes(
        b"2026-11-21T03:04:05.123Z ERROR [x] \x1b]0;title\x07\x1b[2J[bold]boo[/]\x00\xff\n"
        + b"1%\r50%\r99%\n"
        + b"x" * 10_000_000
        + b"\n\x1b[31mred\x1b[0m plain\n"
    )
    app = LogApp(path, follow=False)
    async with app.run_test(size=(80, 8)) as pilot:
        await until_shown(app, pilot, "red plain")

        assert app.content()[:4] == [
            "03:04:05.123 ERROR [x] [bold]boo[/]␀\ufffd",
            " " * 13 + "99%",
            " " * 13 + "x" * 65,
            " " * 13 + "red plain",
        ]
        red = [segment.text for segment in app.view.render_line(3) if segment.style and _is_red(segment.style.color)]
        assert red == ["red"]
        level = [segment.text for segment in app.view.render_line(0) if segment.style and _is_red(segment.style.color)]
        assert level == ["ERROR"]


def _is_red(color: object) -> bool:
    return getattr(color, "number", None) == 1


async def test_a_long_line_is_panned_to_where_it_is_cut_off(path: Path) -> None:
    path.write_text("0123456789" * 2000 + "\n")
    app = LogApp(path, follow=False)
    async with app.run_test(size=(40, 5)) as pilot:
        app.view.focus()
        await until_shown(app, pilot, "0123")
        await pilot.press("right")
        assert app.content()[0].startswith("89012345")
        for _ in range(1100):
            app.view.action_scroll_right()
        assert app.content()[0].endswith("… 11.8 kB more in this line")
        for _ in range(1100):
            app.view.action_scroll_left()
        assert app.content()[0].startswith("0123")


async def test_a_match_far_right_in_its_line_is_panned_to_and_back(path: Path) -> None:
    path.write_text("short\n" + "界" * 300 + "needle" + "x" * 500 + "\nneedle at the start\n" + "y" * 3000 + " ERROR\n")
    app = LogApp(path, follow=False)
    async with app.run_test(size=(70, 8)) as pilot:
        app.view.focus()
        await until_shown(app, pilot, "short")
        app.view.search("needle")
        await until(app, pilot, lambda: "needlexx" in app.content()[1], "the match in the midst of its line")
        assert app.content()[1].startswith("界" * 11)
        assert "panned by 578" in app.status()
        await pilot.press("n")
        await until(app, pilot, lambda: app.content()[2] == "needle at the start", "the start of the lines")
        assert "panned" not in app.status()
        await pilot.press("right", "n")
        await until(app, pilot, lambda: "needlexx" in app.content()[1], "the first match again")
        app.view.search("")
        await until(app, pilot, lambda: app.content()[0] == "short", "the start of the lines")


async def test_another_file_can_be_shown(path: Path) -> None:
    write_numbered(path, 10)
    other = path.with_name("02-test.log")
    other.write_text("other 1\n")
    app = LogApp(path, follow=True)
    async with app.run_test(size=(80, 11)) as pilot:
        await until_shown(app, pilot, "message 9")
        app.view.show(other)
        await until(app, pilot, lambda: app.content()[0] == "other 1")
        app.view.show(None, empty="Nothing chosen.")
        assert app.lines()[0] == "Nothing chosen."
        assert app.view.status is None


async def test_a_place_in_the_file_can_be_shown(path: Path) -> None:
    write_numbered(path, 1000)
    app = LogApp(path, follow=True)
    async with app.run_test(size=(80, 11)) as pilot:
        await until_shown(app, pilot, "message 999")
        app.view.go_to_byte(path.read_text().index("message 500"), above=2)
        await until(app, pilot, lambda: numbers(app) == list(range(498, 508)))
        await pilot.resize_terminal(80, 6)
        await until(app, pilot, lambda: numbers(app) == list(range(498, 503)))


async def test_the_wheel_scrolls_and_the_search_key_asks(path: Path) -> None:
    write_numbered(path, 100)
    app = LogApp(path, follow=False)
    async with app.run_test(size=(80, 11)) as pilot:
        app.view.focus()
        await until_shown(app, pilot, "message 0")
        await pilot._post_mouse_events([MouseScrollDown], LogView, offset=(1, 1))
        await until(app, pilot, lambda: numbers(app)[0] == 3)
        await pilot.press("slash")

        assert app.asked == 1


async def test_a_log_that_grows_all_the_time_stays_right(path: Path) -> None:
    write_numbered(path, 10)
    app = LogApp(path, follow=True)
    async with app.run_test(size=(80, 11)) as pilot:
        await until_shown(app, pilot, "message 9")
        for number in range(10, 500):
            append(path, line(number))
            if number % 10 == 0:
                app.view.look()
                await pilot.pause()
                seen = numbers(app)
                assert seen == [*range(seen[0], seen[-1] + 1)]
        await until_shown(app, pilot, "message 499")
        assert numbers(app) == list(range(490, 500))


def _size(view: LogView) -> int | None:
    return None if view.status is None else view.status.size


async def test_a_log_that_nobody_sees_is_left_alone_until_it_is_seen(path: Path) -> None:
    write_numbered(path, 100)
    app = LogApp(path, follow=True)
    seen = LogView(path)
    async with app.run_test(size=(80, 22)) as pilot:
        await app.mount(seen)
        await until_shown(app, pilot, "message 99")
        app.view.display = False
        await pilot.pause()
        before = app.view.status
        for number in range(100, 105):
            append(path, line(number))
            await until(app, pilot, lambda: _size(seen) == path.stat().st_size)
        assert app.view.status == before

        app.view.display = True
        await until_shown(app, pilot, "message 104")


async def test_a_search_asked_for_together_with_the_file_finds_its_first_line(path: Path) -> None:
    write_numbered(path, 1000)
    app = LogApp(path.with_name("other.log"), follow=True)
    async with app.run_test(size=(80, 11)) as pilot:
        app.view.show(path, follow=False)
        app.view.search("message 500")
        await until_shown(app, pilot, "message 500")
        assert " new" not in app.status()


async def test_a_search_that_ends_before_the_view_has_a_height_is_placed_when_it_has(path: Path) -> None:
    write_numbered(path, 1000)
    reading = LogReading(LogFile(path), follow=False)
    reading.search(matcher("message 500"))
    while reading.wants_step():
        await reading.step()
    reading.fit(View(9))
    while reading.wants_step():
        await reading.step()
    shown = reading.shown()
    assert [line.start for line in shown].index(reading.match_start or 0) == 3
    reading.close()


async def test_a_file_may_be_replaced_before_it_was_read(path: Path) -> None:
    write_numbered(path, 10)
    app = LogApp(path.with_name("other.log"), follow=True)
    async with app.run_test(size=(80, 11)) as pilot:
        for _ in range(3):
            app.view.show(path)
        await until_shown(app, pilot, "message 9")

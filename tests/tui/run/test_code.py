"""The code of a run: its commit and branch, and where on the web they are."""

from rich.style import Style

from store.events import SourceFound
from tests.tui.conftest import WorldMaker
from tests.tui.run.records import a_run
from tests.tui.staging import staged_app, until, until_shown, until_told
from tests.worlds import NOW, World
from tui.clipboard import COPY_FILE
from tui.run_view.code import code_facts, code_of

REMOTE = "git@github.com:acme/flights.git"
COMMIT = "a1b2c3d4e5f60718293a4b5c6d7e8f9012345678"
COMMIT_PAGE = f"https://github.com/acme/flights/commit/{COMMIT}"
PULL_PAGE = "https://github.com/acme/flights/pull/7"


def test_commit_and_request_lead_to_their_pages() -> None:
    code = code_of(a_run(branch="pull/7", commit=COMMIT, commit_author="ben", remote=REMOTE))
    assert code is not None
    assert code.plain == "pull/7@a1b2c3d ben"
    pages = {code.plain[span.start : span.end]: span.style.link for span in code.spans if isinstance(span.style, Style)}
    assert pages == {"pull/7": PULL_PAGE, "a1b2c3d": COMMIT_PAGE}


def test_a_remote_that_is_no_forge_has_no_pages() -> None:
    run = a_run(branch="main", commit=COMMIT, remote="/srv/git/flights.git")
    code = code_of(run)
    assert code is not None
    assert (code.plain, code.spans) == ("main@a1b2c3d", [])
    assert [fact.label for fact in code_facts(run)] == ["commit", "branch", "remote"]


def test_files_of_no_repository_have_no_code() -> None:
    assert code_of(a_run()) is None
    assert code_facts(a_run()) == []


async def checked_out(world: World) -> int:
    """The failed run of the world, as though it had been checked out from a forge."""
    run_id = world.runs["failed"]
    message = "Name the tail number as the source does"
    source = SourceFound(
        ts=NOW, seq=1, branch="pull/7", commit=COMMIT, commit_author="Ben Adams", commit_message=message, remote=REMOTE
    )
    await world.happen(run_id, source)
    return run_id


async def test_the_pages_are_shown_and_copied(make_world: WorldMaker) -> None:
    world = make_world("failed")
    async with staged_app(world, await checked_out(world)).run_test(size=(80, 24)) as pilot:
        await until_shown(pilot, "pull/7@a1b2c3d")
        await pilot.press("at")
        await until_shown(pilot, "https://github.com/acme/flights/commit/")
        await until_shown(pilot, "Name the tail number as the source does")
        await pilot.press("j", "enter")
        await until_told(pilot, "Copied")
        assert pilot.app.clipboard == PULL_PAGE
        assert (world.paths.record / COPY_FILE).read_text() == PULL_PAGE


async def test_a_click_on_the_commit_shows_them(make_world: WorldMaker) -> None:
    world = make_world("failed")
    async with staged_app(world, await checked_out(world)).run_test(size=(120, 40)) as pilot:
        await until_shown(pilot, "pull/7@a1b2c3d")
        line = pilot.app.screen.query_one("#origin").render_line(0).text
        await pilot.click("#origin", offset=(line.index("a1b2c3d"), 0))
        await until_shown(pilot, PULL_PAGE)


async def test_a_terminal_is_given_the_pages_as_links(make_world: WorldMaker) -> None:
    world = make_world("failed")
    async with staged_app(world, await checked_out(world)).run_test(size=(120, 40)) as pilot:

        def linked() -> set[str]:
            styles = (segment.style for segment in pilot.app.screen.query_one("#origin").render_line(0))
            return {style.link for style in styles if style is not None and style.link}

        await until(pilot, lambda: linked() == {PULL_PAGE, COMMIT_PAGE}, "links for the terminal")


async def test_without_a_commit_the_key_means_nothing(make_world: WorldMaker) -> None:
    world = make_world("queued")
    async with staged_app(world, world.runs["queued"]).run_test(size=(80, 24)) as pilot:
        await until_shown(pilot, "○ queued")
        assert pilot.app.screen.check_action("show_code", ()) is not True

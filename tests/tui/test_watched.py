"""Being told of the end of a run."""

from store.events import RunFinished
from store.status import RunStatus
from tests.tui.conftest import WorldMaker
from tests.tui.staging import StagedEngine, staged_app, text_of, until, until_shown
from tests.worlds import NOW, World
from tui.feed import RunsChanged
from tui.terminal.notification import notification
from tui.watched import Watched, end_sentence


class TestNotification:
    def test_rings_and_notifies(self) -> None:
        assert notification("#1 done", {}) == "\a\x1b]9;#1 done\a"

    def test_is_wrapped_for_tmux_and_screen(self) -> None:
        assert notification("#1 done", {"TMUX": "/tmp/x,1,0"}) == "\a\x1bPtmux;\x1b\x1b]9;#1 done\a\x1b\\"
        assert notification("#1 done", {"STY": "1.x"}) == "\a\x1bP\x1b]9;#1 done\a\x1b\\"

    def test_its_text_commands_nothing(self) -> None:
        text = "a\x1b]0;title\ab\n\x9cc\x07\x1b\\" + "d" * 500
        said = notification(text, {})
        assert said[: len("\a\x1b]9;")] == "\a\x1b]9;"
        assert said.endswith("\a")
        inside = said[len("\a\x1b]9;") : -1]
        assert inside.isprintable()
        assert len(inside) == 200


async def end(world: World, run_id: int, status: RunStatus = RunStatus.FAILED) -> None:
    await world.happen(run_id, RunFinished(ts=NOW, status=status))


class TestWatched:
    async def test_tells_once_of_each_that_has_ended(self, make_world: WorldMaker) -> None:
        world = make_world("running")
        run_id = world.runs["running"]
        watched = Watched()
        watched.add(run_id)
        assert await watched.ended(world.services.reads) == []
        await end(world, run_id)
        (run,) = await watched.ended(world.services.reads)
        assert end_sentence(run, NOW) == f"#{run_id} nightly in flights/prod: failed after 2m 10s"
        assert await watched.ended(world.services.reads) == []

    async def test_forgets_one_that_was_deleted(self, make_world: WorldMaker) -> None:
        world = make_world("running")
        watched = Watched()
        watched.add(9_999)
        assert await watched.ended(world.services.reads) == []
        assert not watched.runs

    def test_only_nudges_about_its_runs_concern_it(self) -> None:
        watched = Watched()
        assert not watched.may_have_ended(RunsChanged(everything=True))
        assert watched.toggle(7)
        assert watched.may_have_ended(RunsChanged(frozenset({7})))
        assert not watched.may_have_ended(RunsChanged(frozenset({8})))
        assert not watched.toggle(7)


class TestInTheApp:
    async def test_the_page_says_that_it_is_watched_and_the_app_tells_of_the_end(self, make_world: WorldMaker) -> None:
        world, engine = make_world("running"), StagedEngine()
        run_id = world.runs["running"]
        app = staged_app(world, run_id, engine)
        async with app.run_test(size=(80, 24), notifications=True) as pilot:
            await until_shown(pilot, "18/23")
            await until(pilot, lambda: engine.connections, "a connection")
            await pilot.press("w")
            await until_shown(pilot, "watched  ● running")
            await pilot.press("escape")
            await until_shown(pilot, f"watching #{run_id}")
            await end(world, run_id)
            engine.say(run_id)
            await until_shown(pilot, f"#{run_id} nightly in flights/prod:")
            await until(pilot, lambda: "watching" not in text_of(pilot), "nothing to be watched any more")

    async def test_it_is_watched_no_longer_when_asked_again(self, make_world: WorldMaker) -> None:
        world = make_world("running")
        async with staged_app(world, world.runs["running"], StagedEngine()).run_test(size=(80, 24)) as pilot:
            await until_shown(pilot, "18/23")
            await pilot.press("w")
            await until_shown(pilot, "watched  ● running")
            await pilot.press("w")
            await until(pilot, lambda: "watched" not in text_of(pilot).splitlines()[0], "not to be watched")

    async def test_the_chosen_run_of_home_is_watched(self, make_world: WorldMaker) -> None:
        world = make_world("running")
        async with staged_app(world, engine=StagedEngine()).run_test(size=(100, 30), notifications=True) as pilot:
            await until_shown(pilot, f"#{world.runs['running']}")
            await pilot.press("w")
            await until_shown(pilot, f"watching #{world.runs['running']}")
            await pilot.press("j", "j", "w")
            await until_shown(pilot, "has ended already")

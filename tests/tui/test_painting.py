"""What is painted when something changes: what is seen of it, and nothing else."""

import pytest
from textual._compositor import Compositor, LayoutUpdate

from tests.tui.conftest import WorldMaker
from tests.tui.staging import StagedEngine, staged_app, until_shown, until_still


async def test_a_live_run_does_not_have_the_whole_page_painted(
    make_world: WorldMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, engine = make_world("running"), StagedEngine()
    async with staged_app(world, engine=engine).run_test(size=(80, 24)) as pilot:
        await until_shown(pilot, "18/23")
        await until_shown(pilot, "● engine")
        await until_still(pilot)
        painted: list[object] = []
        paint = Compositor.render_update

        def noting(self: Compositor, *arguments: object, **options: object) -> object:
            painted.append(update := paint(self, *arguments, **options))  # type: ignore[arg-type]
            return update

        monkeypatch.setattr(Compositor, "render_update", noting)
        for _ in range(5):
            engine.say(world.runs["running"])
            await pilot.pause(0.15)

    assert not [update for update in painted if isinstance(update, LayoutUpdate)]


async def test_home_is_seen_behind_a_dialog_and_not_behind_a_page(make_world: WorldMaker) -> None:
    world = make_world("running")
    app = staged_app(world)
    async with app.run_test(size=(80, 24)) as pilot:
        await until_shown(pilot, "18/23")
        home = app.screen
        assert app._background_screens == []
        await pilot.press("x")
        await until_shown(pilot, "Let it run")
        assert home in app._background_screens
        await pilot.press("escape", "enter")
        await until_shown(pilot, "Models 23")
        assert app.screen is not home
        assert app._background_screens == []

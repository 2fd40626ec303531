"""The program in a real terminal, with a real engine and a real dbt: what it is for."""

from pathlib import Path

import pytest

from engine.client.launch import ensure_engine, stop_engine
from engine.lock import is_locked
from store.status import RunStatus
from tests.support.gated_project import GatedProject
from tests.support.live_workspace import LiveWorkspace
from tests.support.processes import is_running
from tests.support.waiting import until
from tests.terminal.tmux import TMUX, runroom, tmux

pytestmark = [
    pytest.mark.real_tool,
    pytest.mark.timeout(180),
    pytest.mark.skipif(TMUX is None, reason="tmux is not installed"),
]


async def test_a_run_started_in_the_app_outlives_its_terminal(live: LiveWorkspace, tmp_path: Path) -> None:
    project = GatedProject(live.folder)
    project.write()
    command = runroom("--workspace", str(live.folder))
    with tmux(tmp_path) as terminal:
        terminal.open(command)
        await terminal.shows("Nothing ran here yet.")
        terminal.press("R")
        await terminal.shows("Start a job")
        terminal.press("b", "u", "i", "l", "d", "Enter")
        await terminal.shows("● running")
        await project.reached()
        await terminal.shows("1/2")
    project.open()
    run = await live.ended(1)
    assert run.status is RunStatus.COMPLETED

    with tmux(tmp_path) as terminal:
        terminal.open(command)
        await terminal.shows("#1    ✓ completed")
        terminal.press("Enter")
        await terminal.shows("#1 build")
        await terminal.shows("gate_1")


async def test_a_stop_is_asked_for_confirmed_and_seen_to_its_end(live: LiveWorkspace, tmp_path: Path) -> None:
    project = GatedProject(live.folder)
    project.write()
    with tmux(tmp_path) as terminal:
        terminal.open(runroom("--workspace", str(live.folder)))
        await terminal.shows("Nothing ran here yet.")
        run = await live.start()
        await project.reached()
        await terminal.shows(f"#{run.id}")
        await terminal.shows("● running")
        terminal.press("x")
        await terminal.shows("gate_1")
        terminal.press("y")
        await terminal.shows("■ cancelled")
    assert (await live.run(run.id)).status is RunStatus.CANCELLED


async def test_an_engine_that_dies_is_seen_and_comes_back(live: LiveWorkspace, tmp_path: Path) -> None:
    project = GatedProject(live.folder)
    project.write()
    with tmux(tmp_path) as terminal:
        terminal.open(runroom("--workspace", str(live.folder)))
        run = await live.start()
        await project.reached()
        await terminal.shows("1/2")
        await live.kill_engine()
        await terminal.shows("engine offline")
        await terminal.shows("● engine")
        project.open()
        await terminal.shows("✓ completed")
    assert (await live.run(run.id)).status is RunStatus.COMPLETED


@pytest.mark.parametrize("size", [(80, 24), (160, 45)])
async def test_leaving_ends_the_app_and_nothing_else(
    size: tuple[int, int], live: LiveWorkspace, tmp_path: Path
) -> None:
    GatedProject(live.folder).write()
    with tmux(tmp_path) as terminal:
        terminal.open(
            ["sh", "-c", f"{' '.join(runroom('--workspace', str(live.folder)))}; echo left with $?; cat"], *size
        )
        await terminal.shows("● engine")
        terminal.press("q")
        await terminal.shows("left with 0")
        assert "\x1b" not in terminal.text()
    engine = live.engine()
    await until(lambda: is_running(engine), "the engine is still there", 1)


async def test_a_broken_configuration_is_explained_where_the_page_would_be(live: LiveWorkspace, tmp_path: Path) -> None:
    GatedProject(live.folder).write()
    (live.folder / "runroom.toml").write_text("[workspace]\nnme = 'x'\n")
    with tmux(tmp_path) as terminal:
        terminal.open(runroom("--workspace", str(live.folder)), 120, 30)
        await terminal.shows("nme")


async def test_an_engine_that_was_stopped_stays_so_until_somebody_wants_it(live: LiveWorkspace, tmp_path: Path) -> None:
    GatedProject(live.folder).write()
    with tmux(tmp_path) as terminal:
        terminal.open(runroom("--workspace", str(live.folder)))
        await terminal.shows("● engine")
        await stop_engine(live.paths)
        await terminal.shows("○ engine stopped")
        # It says so once it has looked for an engine and left it as it is.
        assert not is_locked(live.paths.engine_lock)
        terminal.press("C-e")
        await terminal.shows("● engine")
    assert is_running(live.engine())


async def test_who_only_looks_starts_no_engine(live: LiveWorkspace, tmp_path: Path) -> None:
    GatedProject(live.folder).write()
    with tmux(tmp_path) as terminal:
        terminal.open(runroom("--workspace", str(live.folder), "--readonly"), 120, 30)
        await terminal.shows("○ no engine")
        await terminal.shows("No engine runs here, and --readonly starts none.")
        assert not is_locked(live.paths.engine_lock)
        async with await ensure_engine(live.folder):
            await terminal.shows("● engine")

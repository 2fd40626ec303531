"""A watched run calls for its person: what the terminal really receives."""

import asyncio
import re

import pytest

from tests.support.gated_project import GatedProject
from tests.support.live_workspace import LiveWorkspace
from tests.support.waiting import until
from tests.terminal.tmux import runroom
from tests.tui.terminal.pseudo_terminal import PseudoTerminal

pytestmark = [pytest.mark.real_tool, pytest.mark.timeout(180)]


@pytest.mark.parametrize(
    ("surroundings", "before", "after"),
    [
        ({"TMUX": "", "STY": ""}, b"\a\x1b]9;", b"\a"),
        ({"TMUX": "/nowhere,1,0"}, b"\a\x1bPtmux;\x1b\x1b]9;", b"\a\x1b\\"),
    ],
    ids=["bare", "tmux"],
)
async def test_the_end_of_a_watched_run_is_sent_to_the_terminal_once(
    surroundings: dict[str, str], before: bytes, after: bytes, live: LiveWorkspace
) -> None:
    project = GatedProject(live.folder)
    project.write()
    run = await live.start()
    await project.reached()
    command = runroom("--workspace", str(live.folder), "watch", str(run.id))
    with PseudoTerminal(command, env=surroundings) as terminal:
        await asyncio.to_thread(terminal.wait_for, "watched  ● running")
        assert b"]9;" not in terminal.received
        project.open()
        await live.ended(run.id)
        place = f"#{run.id} build in {run.project}/{run.environment}: completed after ".encode()
        called = re.compile(re.escape(before + place) + rb"[0-9.]+s" + re.escape(after))
        await until(lambda: called.search(terminal.received) is not None, "the bell and the notification")
        await asyncio.to_thread(terminal.wait_for, "✓ completed")
        assert terminal.received.count(b"]9;") == 1

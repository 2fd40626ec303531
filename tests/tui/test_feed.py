"""The feed of changes: nothing is lost, little is told, and a lost engine comes back."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from textual.message import Message

from tests.tui.staging import PATIENCE_S, StagedEngine
from tui.feed import EngineState, Feed, RunsChanged


@asynccontextmanager
async def fed(engine: StagedEngine) -> AsyncIterator[list[Message]]:
    """What a running feed posts."""
    posted: list[Message] = []
    task = asyncio.create_task(Feed(engine.connect, posted.append, pause_s=0.001).run())
    try:
        yield posted
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def until(condition: Callable[[], object]) -> None:
    async def holds() -> None:
        while not condition():  # noqa: ASYNC110 - a list of messages has no event to wait for
            await asyncio.sleep(0.001)

    await asyncio.wait_for(holds(), PATIENCE_S)


def changes(posted: list[Message]) -> list[RunsChanged]:
    return [message for message in posted if isinstance(message, RunsChanged)]


def states(posted: list[Message]) -> list[tuple[bool, str]]:
    return [(message.connected, message.sentence) for message in posted if isinstance(message, EngineState)]


async def test_a_connection_is_told_and_everything_looked_at_again() -> None:
    async with fed(StagedEngine()) as posted:
        await until(lambda: changes(posted))

        assert states(posted) == [(True, "")]
        assert changes(posted)[0].everything
        assert changes(posted)[0].concerns(4711)


async def test_a_thousand_changes_are_told_in_a_few_messages_and_none_is_lost() -> None:
    engine = StagedEngine()
    async with fed(engine) as posted:
        await until(lambda: changes(posted))
        for run_id in range(1, 1001):
            engine.say(run_id)
        await until(lambda: {run for change in changes(posted) for run in change.runs} == set(range(1, 1001)))

        # One at once, one for all that came within the pause that follows.
        assert len(changes(posted)) <= 4


async def test_a_change_of_the_workspace_is_told() -> None:
    engine = StagedEngine()
    async with fed(engine) as posted:
        await until(lambda: changes(posted))
        engine.say(workspace=True)
        await until(lambda: len(changes(posted)) > 1)

        assert changes(posted)[1].workspace
        assert not changes(posted)[1].everything


async def test_an_engine_that_goes_is_said_and_found_again() -> None:
    engine = StagedEngine()
    async with fed(engine) as posted:
        await until(lambda: changes(posted))
        engine.refusal = "The engine of this workspace is not running."
        engine.go()
        await until(lambda: (False, engine.refusal) in states(posted))
        engine.refusal = None
        await until(lambda: engine.connections == 2)
        await until(lambda: len(changes(posted)) > 1)

        assert changes(posted)[-1].everything
        assert states(posted)[-1] == (True, "")

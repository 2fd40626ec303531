"""The log of a failed step opens where it says why, however much was said behind that."""

from pathlib import Path

import pytest

from tests.tui.conftest import WorldMaker
from tests.tui.staging import staged_app, text_of, until_shown, until_still

HEAD = "2026-11-21T13:02:11.000Z"
CAUSE = f"{HEAD} ERROR the command failed: ValueError: no such carrier\n"
AFTER = "".join(f"{HEAD} INFO  cleaning up {number}\n" for number in range(200))


def traceback(lines: int) -> str:
    """A long one, whose last line is the exception."""
    frames = "".join(f"{HEAD} ERROR     frame {number}\n" for number in range(lines))
    return f"{frames}{HEAD} ERROR     ValueError: no such carrier\n"


@pytest.mark.parametrize("said", [CAUSE + traceback(80), CAUSE + AFTER, AFTER + CAUSE])
async def test_the_log_opens_at_the_cause(make_world: WorldMaker, said: str) -> None:
    world = make_world("failed")
    log: Path = next(world.paths.run(world.runs["failed"]).logs.glob("*build.log"))
    log.write_text(f"{HEAD} INFO  begins\n" * 300 + said)
    async with staged_app(world, world.runs["failed"]).run_test(size=(80, 24)) as pilot:
        await until_shown(pilot, "took down 3 models")
        await pilot.press("5")

        await until_shown(pilot, "the command failed: ValueError")
        await until_still(pilot)
        assert "the command failed: ValueError" in text_of(pilot)

"""What the bridge logs, as lines of the step's log."""

import logging
from pathlib import Path

from engine.adapters.base import StepContext, StepOutcome
from engine.adapters.printed import PrintedLines
from engine.adapters.sqlmesh.adapter import log_line
from engine.adapters.sqlmesh.bridge.batches import Batches, Cancellation
from engine.adapters.sqlmesh.bridge.emitter import LogFormatter
from tests.engine.worker.executing import SUCCEEDED, MadeUpAdapter, Stage


def formatted(level: int, message: str, error: Exception | None = None) -> list[str]:
    """The lines that the bridge prints for this."""
    why = (type(error), error, error.__traceback__) if error else None
    record = logging.LogRecord("bridge", level, __file__, 1, message, None, why)
    return LogFormatter(Batches(Cancellation())).format(record).split("\n")


def raised() -> ValueError:
    try:
        raise ValueError("no such carrier")
    except ValueError as error:
        return error


async def test_every_line_of_a_traceback_is_as_bad_as_the_line_above_it(tmp_path: Path) -> None:
    async def build(context: StepContext) -> StepOutcome:
        printed = PrintedLines()
        said = [*formatted(logging.INFO, "one\ntwo"), *formatted(logging.ERROR, "it failed", raised()), "printed"]
        for line in said:
            log_line(context, line, printed)
        return SUCCEEDED

    stage = Stage(tmp_path)
    await stage.execute(MadeUpAdapter([build]))

    told = [(line[:5].strip(), line[5:].strip()) for line in stage.log("01-first.log").splitlines()]
    assert [line for line in told if line[0] == "INFO"] == [("INFO", "one"), ("INFO", "two"), ("INFO", "printed")]
    assert ("ERROR", "Traceback (most recent call last):") in told
    assert told[-2] == ("ERROR", "ValueError: no such carrier")

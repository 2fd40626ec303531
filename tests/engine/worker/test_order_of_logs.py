"""The logs of a run's steps, one behind the other, are in the order of time: what joins them relies on it."""

from pathlib import Path

from engine.adapters.base import StepContext, StepOutcome
from store.logs.step_logs import log_files
from tests.engine.worker.executing import SUCCEEDED, MadeUpAdapter, Stage, succeed
from tests.engine.worker.scripts import python
from tui.log.joined import JoinedLog, LogPart
from tui.log.times import time_of

_LEAVES_A_TALKER = """
import os, time
if os.fork():
    os.write(1, b'all done\\n')
else:
    while True:
        os.write(1, b'still here\\n')
        time.sleep(0.001)
"""


async def test_no_line_of_a_step_comes_after_one_of_the_next_step(tmp_path: Path) -> None:
    stage = Stage(tmp_path)

    async def build(context: StepContext) -> StepOutcome:
        await context.run_tool(python(_LEAVES_A_TALKER))
        return SUCCEEDED

    await stage.execute(MadeUpAdapter([build, build, succeed]))

    log = JoinedLog("run-1.log", [LogPart(path.stem, path) for path in log_files(stage.paths.logs)])
    log.refresh()
    lines = [line.content for line in log.lines_from(0, 1_000_000)]
    log.close()
    assert sum(line.endswith(b" done") for line in lines) == 2
    times = [time for line in lines if (time := time_of(line)) is not None]
    assert len(times) == len(lines) - 3, "each line but the three headings has a time"
    assert times == sorted(times)

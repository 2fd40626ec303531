"""A run from its first step to its verdict, as the journal tells it."""

import asyncio
import os
from pathlib import Path

import psutil
import pytest

from engine.adapters.base import StepContext, StepOutcome, ToolCommand
from engine.redaction import MASK
from engine.worker.stop import StopWish
from engine.worker.verdict import Verdict
from store.events import (
    ArtifactWritten,
    AuditFinished,
    ModelStarted,
    Notice,
    RunFinished,
    RunStarted,
    RunStopping,
    StepFinished,
    StepStarted,
)
from store.status import AuditStatus, RunStatus, StepStatus
from tests.engine.worker.executing import SUCCEEDED, MadeUpAdapter, Stage, failing, succeed
from tests.engine.worker.scripts import python


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    """An empty stage."""
    return Stage(tmp_path)


async def test_a_run_that_completes(stage: Stage) -> None:
    ended = await stage.execute(MadeUpAdapter([succeed, succeed]))

    assert ended == Verdict(RunStatus.COMPLETED)
    assert stage.types == [
        "run.started", "step.started", "step.finished", "step.started", "step.finished", "run.finished",
    ]  # fmt: skip
    assert [event.seq for event in stage.events] == [1, 2, 3, 4, 5, 6]
    first = stage.events[0]
    assert isinstance(first, RunStarted)
    assert (first.pid, first.pid_started) == (os.getpid(), psutil.Process().create_time())
    second = stage.events[3]
    assert isinstance(second, StepStarted)
    assert (second.step, second.name, second.command) == (2, "second", ("tool", "second"))
    assert second.log == "logs/02-second.log"
    assert stage.log("02-second.log") == "INFO  all is well"


async def test_a_step_that_fails_ends_the_run(stage: Stage) -> None:
    ended = await stage.execute(MadeUpAdapter([succeed, failing("no such column"), succeed]))

    assert ended == Verdict(RunStatus.FAILED, "no such column")
    steps = [event for event in stage.events if isinstance(event, StepFinished)]
    assert [(step.step, step.status, step.exit_code) for step in steps] == [
        (1, StepStatus.SUCCEEDED, 0),
        (2, StepStatus.FAILED, 1),
    ]


async def test_an_audit_that_warned_makes_the_run_partial(stage: Stage) -> None:
    async def warn(context: StepContext) -> StepOutcome:
        context.emit(AuditFinished(ts=context.clock(), audit="t", name="t", status=AuditStatus.WARNED, blocking=False))
        return SUCCEEDED

    assert await stage.execute(MadeUpAdapter([warn])) == Verdict(RunStatus.PARTIAL, "1 audit warned: t")


async def test_a_step_runs_its_process_in_the_environment_of_the_worker(stage: Stage) -> None:
    stage.environment = {"PATH": os.environ["PATH"], "MOOD": "good"}
    heard: list[bytes] = []

    async def build(context: StepContext) -> StepOutcome:
        source = "import os, sys; print(os.environ['MOOD']); os.write(int(sys.argv[1]), b'done\\n'); sys.exit(2)"
        code = await context.run_tool(python(source, "{events}"), heard.append)
        return StepOutcome(StepStatus.FAILED, code, "exit code 2")

    await stage.execute(MadeUpAdapter([build]))

    assert heard == [b"done"]
    assert stage.log("01-first.log") == "INFO  good"
    started = [event for event in stage.events if isinstance(event, StepStarted)]
    assert started[0].process_group is None
    assert started[1].process_group is not None
    assert [event.exit_code for event in stage.events if isinstance(event, StepFinished)] == [2]


async def test_a_tool_that_is_not_there_fails_the_step(stage: Stage) -> None:
    async def build(context: StepContext) -> StepOutcome:
        await context.run_tool(ToolCommand(["/no/such/dbt", "build"], context.project_folder))
        return SUCCEEDED

    ended = await stage.execute(MadeUpAdapter([build, succeed]))

    assert ended.status is RunStatus.FAILED
    assert ended.reason is not None
    assert ended.reason.startswith("/no/such/dbt could not be started")
    assert "ERROR /no/such/dbt" in stage.log("01-first.log")


async def test_a_stop_in_the_midst_of_a_step(stage: Stage) -> None:
    def ask_to_stop() -> None:
        stage.stop.ask(StopWish("cancel", "stopped by anna"))

    async def build(context: StepContext) -> StepOutcome:
        context.emit(ModelStarted(ts=context.clock(), model="model.flights.mart"))
        code = await context.run_tool(
            python("import time; print('ready'); time.sleep(300)"),
            on_output=lambda _: ask_to_stop(),
        )
        assert context.stop_requested
        return StepOutcome(StepStatus.CANCELLED, code)

    ended = await stage.execute(MadeUpAdapter([build, succeed]))

    assert ended == Verdict(RunStatus.CANCELLED, "stopped by anna; may be half-updated: mart")
    assert "run.stopping" in stage.types
    assert stage.types.index("run.stopping") < stage.types.index("step.finished")
    assert stage.types.count("step.finished") == 1


async def test_a_stop_before_the_first_step(stage: Stage) -> None:
    """Asked for while the worker still looks at the project: the journal tells it once the run has begun."""
    stage.stop.ask(StopWish("cancel", "stopped"))

    ended = await stage.execute(MadeUpAdapter([succeed]))

    assert ended == Verdict(RunStatus.CANCELLED, "stopped")
    assert stage.types[0] == "run.started"
    assert "step.started" not in stage.types


async def test_a_stop_is_told_after_the_start(stage: Stage) -> None:
    """Between them the worker asks git, which takes its time."""
    stage.project.mkdir()
    adapter = MadeUpAdapter([succeed])
    executing = asyncio.create_task(stage.execute(adapter))
    await asyncio.sleep(0)
    stage.stop.ask(StopWish("cancel", "stopped"))

    assert await executing == Verdict(RunStatus.CANCELLED, "stopped")
    assert stage.types[0] == "run.started"
    assert stage.types[-1] == "run.finished"


async def test_a_stop_after_the_last_step_is_too_late(stage: Stage) -> None:
    async def last(context: StepContext) -> StepOutcome:
        stage.stop.ask(StopWish("cancel", "stopped"))
        return SUCCEEDED

    assert await stage.execute(MadeUpAdapter([last])) == Verdict(RunStatus.COMPLETED)


async def test_a_run_that_takes_too_long(stage: Stage) -> None:
    async def build(context: StepContext) -> StepOutcome:
        code = await context.run_tool(python("import time; time.sleep(300)"))
        return StepOutcome(StepStatus.CANCELLED, code)

    ended = await stage.execute(MadeUpAdapter([build]), timeout_s=0.3, grace_s=0.1)

    assert ended == Verdict(RunStatus.FAILED, "timed out after 0.3 s")
    assert [event.reason for event in stage.events if isinstance(event, RunStopping)] == ["timed out after 0.3 s"]


async def test_a_step_has_a_limit_of_its_own(stage: Stage) -> None:
    async def build(context: StepContext) -> StepOutcome:
        code = await context.run_tool(python("import time; time.sleep(300)"))
        return StepOutcome(StepStatus.CANCELLED, code)

    adapter = MadeUpAdapter([succeed, build, succeed], limits={"first": 60, "second": 0.3})
    ended = await stage.execute(adapter, grace_s=0.1)

    assert ended == Verdict(RunStatus.FAILED, "the step second timed out after 0.3 s")
    assert [event.step for event in stage.events if isinstance(event, StepFinished)] == [1, 2]


async def test_a_worker_that_breaks_says_so_in_the_journal(stage: Stage) -> None:
    async def broken(context: StepContext) -> StepOutcome:
        raise ZeroDivisionError("by zero")

    with pytest.raises(ZeroDivisionError):
        await stage.execute(MadeUpAdapter([broken]))

    last = stage.events[-1]
    assert isinstance(last, RunFinished)
    assert (last.status, last.reason) == (RunStatus.ERROR, "Runroom's worker failed: ZeroDivisionError: by zero")


async def test_secrets_that_a_step_learns_reach_neither_journal_nor_log(stage: Stage) -> None:
    stage.environment = {"DB_PASSWORD": "hunter22"}

    async def build(context: StepContext) -> StepOutcome:
        context.hide("s3cr3t")
        context.log("hunter22 and s3cr3t")
        context.emit(Notice(ts=context.clock(), text="hunter22 and s3cr3t"))
        return StepOutcome(StepStatus.FAILED, 1, "no login with s3cr3t")

    await stage.execute(MadeUpAdapter([build]))

    assert stage.log("01-first.log") == f"INFO  {MASK} and {MASK}"
    assert [event.text for event in stage.events if isinstance(event, Notice)] == [f"{MASK} and {MASK}"]
    assert [event.reason for event in stage.events if isinstance(event, RunFinished)] == [f"no login with {MASK}"]


async def test_what_the_run_leaves_is_listed(stage: Stage) -> None:
    async def build(context: StepContext) -> StepOutcome:
        context.paths.target.mkdir()
        (context.paths.target / "manifest.json").write_text("{}", encoding="utf-8")
        return SUCCEEDED

    await stage.execute(MadeUpAdapter([build], leaves=["target/manifest.json"]))

    found = [event for event in stage.events if isinstance(event, ArtifactWritten)]
    assert [(artifact.path, artifact.kind, artifact.size) for artifact in found] == [
        ("target/manifest.json", "other", 2)
    ]


async def test_output_that_is_no_text_does_not_stop_the_step(stage: Stage) -> None:
    async def build(context: StepContext) -> StepOutcome:
        await context.run_tool(python("import sys; sys.stdout.buffer.write(b'caf\\xe9\\n')"))
        return SUCCEEDED

    assert (await stage.execute(MadeUpAdapter([build]))).status is RunStatus.COMPLETED
    assert stage.log("01-first.log") == "INFO  caf\\xe9"

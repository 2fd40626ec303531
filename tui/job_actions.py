"""What a person does to jobs from their page. These coroutines wait for dialogs and programs: run them in a worker."""

import asyncio
from typing import Any

from textual.app import App, SuspendNotSupported

from engine.errors import RunroomError
from store.errors import StoreError
from store.job_glance import JobGlance
from store.models import Environment, Job
from store.reads import StoreReader
from tui import run_actions
from tui.job_line import line_of
from tui.job_starts import starts_by_itself
from tui.log.programs import NoProgram, editor, run_in_terminal
from tui.screens.pause_job import PauseJobScreen
from tui.services import Services


async def run_now(app: App[Any], services: Services, job: Job) -> None:
    """Starts the job, after asking where that writes production, and shows the run."""
    try:
        async with services.reads() as reader:
            environment = await _environment_of(reader, job)
    except StoreError as error:
        run_actions.notify_error(app, str(error))
        return
    run = await run_actions.start_job(app, services, job, environment)
    if run is not None:
        app.open_run(run.id)  # type: ignore[attr-defined]


async def pause_or_resume(app: App[Any], services: Services, glance: JobGlance) -> None:
    """Pauses a job, asking why; lets one that is paused start by itself again."""
    if run_actions.refused(app, services):
        return
    job = glance.job
    name = f"{job.project}/{job.name}"
    if glance.pause is not None:
        if await run_actions.attempt(app, services.actions.resume_job(name)) is not None:
            run_actions.notify(app, f"{job.name} starts by itself again.")
        return
    if not starts_by_itself(job):
        run_actions.notify_error(app, f"{job.name} does not start by itself: there is nothing to pause.")
        return
    reason = await app.push_screen_wait(PauseJobScreen(job))
    if reason is None:
        return
    if await run_actions.attempt(app, services.actions.pause_job(name, reason)) is not None:
        run_actions.notify(app, f"{job.name} is paused. By hand it starts as ever.")


async def test_notifications(app: App[Any], services: Services) -> None:
    """Has a test message sent through every channel for messages, and says which arrived."""
    if run_actions.refused(app, services):
        return
    problems = await run_actions.attempt(app, services.actions.test_notifications())
    for channel, problem in (problems or {}).items():
        if problem is None:
            run_actions.notify(app, f"{channel}: the test message arrived.")
        else:
            run_actions.notify_error(app, f"{channel}: {problem}")


async def edit(app: App[Any], services: Services, job: Job) -> None:
    """Opens `runroom.toml` at the job in the person's editor, and has it read again afterwards."""
    if run_actions.refused(app, services):
        return
    file = services.paths.configuration
    try:
        text = await asyncio.to_thread(file.read_text, "utf-8", "replace")
        command = (await asyncio.to_thread(editor))(file, line_of(text, job) or 1)
        with app.suspend():
            # The terminal is the program's: there is no screen that could be kept waiting.
            code = run_in_terminal(command)
    except FileNotFoundError:
        run_actions.notify_error(app, f"There is no {file.name} yet: `runroom init` writes one.")
        return
    except (OSError, NoProgram) as error:
        run_actions.notify_error(app, str(error))
        return
    except SuspendNotSupported:
        run_actions.notify_error(app, "This terminal cannot be lent to an editor.")
        return
    if code != 0:
        run_actions.notify_error(app, f"The editor ended with exit code {code}.")
    await _read_again(app, services, file.name)


async def _read_again(app: App[Any], services: Services, name: str) -> None:
    try:
        problem = await services.actions.reload_configuration()
    except RunroomError as error:
        run_actions.notify_error(app, f"{error} What was in force before goes on.")
        return
    if problem is not None:
        run_actions.notify_error(app, problem)
    else:
        run_actions.notify(app, f"{name} is valid and in force.")


async def _environment_of(reader: StoreReader, job: Job) -> Environment | None:
    place = (job.project, job.environment)
    return next((item for item in await reader.environments() if (item.project, item.name) == place), None)

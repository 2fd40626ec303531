"""What a person does to runs from a screen: ask where it matters, do it, say how it went.

These coroutines open dialogs and wait for them, so they run in a worker: `self.run_worker(stop_run(…))`. A dialog is
loaded when it is opened: the first picture does not wait for it.
"""

from collections.abc import Awaitable, Sequence
from functools import partial
from typing import Any, TypeVar

from rich.text import Text
from textual.app import App

from engine.errors import RunroomError
from engine.protocol import RerunMode
from store.errors import StoreError
from store.models import Environment, Job, ModelExecution, Run, RunOptions
from store.reads import StoreReader
from store.status import ModelStatus, RunStatus
from store.text import one_line
from store.wording import counted
from tui.clipboard import copy_text
from tui.run_view.code import code_facts
from tui.services import Services

T = TypeVar("T")

READ_ONLY = "Runroom was opened with --readonly: it only looks. Open it without to act."
_NAMED_MODELS = 6


async def stop_run(app: App[Any], services: Services, run_id: int) -> None:
    """Asks, naming what is being built, then asks the engine for a stop."""
    if refused(app, services):
        return
    try:
        async with services.reads() as reader:
            run = await reader.run(run_id)
            models = await reader.models(run_id)
            environment = await _environment_of(reader, run)
    except StoreError as error:
        notify_error(app, str(error))
        return
    if not run.is_active:
        notify_error(app, f"#{run.id} is not running: it is {run.status}.")
        return
    question = f"Stop #{run.id} {run.name} in {run.project}/{run.environment}?"
    from tui.screens.confirm import ConfirmScreen

    dialog = ConfirmScreen(question, _stop_facts(run, models), "Stop it", "Let it run", _warning(environment))
    if not await app.push_screen_wait(dialog):
        return
    if await attempt(app, services.actions.cancel(run.id)) is not None:
        notify(app, f"#{run.id} was asked to stop.")


async def run_again(app: App[Any], services: Services, run_id: int, mode: RerunMode = "latest") -> Run | None:
    """Says what each way of running it again would do, and does the chosen one. Gives the new run, None for none."""
    if refused(app, services):
        return None
    try:
        async with services.reads() as reader:
            run = await reader.run(run_id)
            environment = await _environment_of(reader, run)
    except StoreError as error:
        notify_error(app, str(error))
        return None
    question = f"Run #{run.id} {run.name} again in {run.project}/{run.environment}?"
    preview_of = partial(services.actions.preview_rerun, run.id)
    from tui.screens.rerun import RerunScreen

    chosen = await app.push_screen_wait(RerunScreen(question, preview_of, mode, _warning(environment)))
    return await announced(app, services.actions.rerun(run.id, chosen)) if chosen is not None else None


async def run_failed_again(app: App[Any], services: Services, run_id: int) -> Run | None:
    """Runs again what failed or was skipped in it, otherwise as `run_again`."""
    return await run_again(app, services, run_id, "failed")


def watch(app: App[Any], services: Services, run_id: int) -> None:
    """Wants to be told when a run that goes on has ended, or no longer."""
    if services.watched.toggle(run_id):
        notify(app, f"#{run_id} is watched: the terminal rings when it has ended.")
    else:
        notify(app, f"#{run_id} is watched no longer.")


async def start_job(
    app: App[Any], services: Services, job: Job, environment: Environment | None, options: RunOptions | None = None
) -> Run | None:
    """Starts a job, with choices where there are any, after asking where that writes production.

    `environment` may be another one than the job's own. Gives the new run, None where there is none.
    """
    if refused(app, services):
        return None
    name, wanted = f"{job.project}/{job.name}", options or RunOptions()
    place = f"{job.project}/{environment.name if environment is not None else job.environment}"
    elsewhere = place if environment is not None and environment.name != job.environment else None
    if warning := _warning(environment):
        commands = await attempt(app, services.actions.preview_start(name, wanted, elsewhere))
        if commands is None:
            return None
        question = f"Start {job.name} in {place}?"
        from tui.screens.confirm import ConfirmScreen

        if not await app.push_screen_wait(ConfirmScreen(question, _commands(commands), "Start it", warning=warning)):
            return None
    return await announced(app, services.actions.start(name, elsewhere, wanted))


async def copy(app: App[Any], services: Services, text: str) -> None:
    """Copies through the terminal and into a file, and says so."""
    try:
        path = await copy_text(app, text, services.paths.record)
    except OSError as error:
        notify_error(app, f"Sent to the terminal's clipboard; no copy in a file: {error.strerror}.")
        return
    notify(app, f"Copied; also in {path}.")


async def show_code(app: App[Any], services: Services, run: Run) -> None:
    """Shows of which commit a run is and where that can be looked at, and copies what is taken of it."""
    from tui.screens.run_code import RunCodeScreen

    title = f"The code of #{run.id} {one_line(run.name)}"
    if (taken := await app.push_screen_wait(RunCodeScreen(title, code_facts(run)))) is not None:
        await copy(app, services, taken)


async def attempt(app: App[Any], action: Awaitable[T]) -> T | None:
    """What the engine answers; its refusal becomes a notification, and None."""
    try:
        return await action
    except RunroomError as error:
        notify_error(app, str(error))
        return None


def notify(app: App[Any], sentence: str) -> None:
    """Tells the person something; text from elsewhere stays text."""
    app.notify(sentence, markup=False)


def notify_error(app: App[Any], sentence: str) -> None:
    """Tells the person what did not work."""
    app.notify(sentence, severity="error", markup=False)


def refused(app: App[Any], services: Services) -> bool:
    """Whether the app only looks; then it has said so."""
    if services.readonly:
        notify_error(app, READ_ONLY)
    return services.readonly


async def announced(app: App[Any], action: Awaitable[Run]) -> Run | None:
    """The run that the engine answers with, after saying what became of it; None where it refuses."""
    run = await attempt(app, action)
    if run is not None:
        skipped = run.status == RunStatus.SKIPPED
        notify(app, f"#{run.id} {run.name} was {'skipped: ' + (run.status_reason or '') if skipped else 'started.'}")
    return run


def _warning(environment: Environment | None) -> str:
    production = environment is not None and environment.type == "production"
    return "This is production." if production else ""


def _stop_facts(run: Run, models: list[ModelExecution]) -> Text:
    text = Text()
    if run.status == RunStatus.STOPPING:
        return text.append("A stop was asked for already; its tool is winding down.")
    if run.status != RunStatus.RUNNING:
        return text.append("It has not begun yet: nothing will be built.")
    building = [model.name for model in models if model.status == ModelStatus.RUNNING]
    text.append(f"{run.tool} is interrupted and cancels its queries; when it does not end, it is ended.")
    if building:
        more = len(building) - _NAMED_MODELS
        names = ", ".join(building[:_NAMED_MODELS]) + (f" and {more} more" if more > 0 else "")
        text.append(f"\n\n{counted(len(building), 'model')} being built, maybe left half-updated:\n{names}")
    return text


def _commands(commands: Sequence[str]) -> Text:
    return Text("It runs:").append("".join(f"\n{one_line(command)}" for command in commands), "bold")


async def _environment_of(reader: StoreReader, run: Run) -> Environment | None:
    place = (run.project, run.environment)
    return next((item for item in await reader.environments() if (item.project, item.name) == place), None)

"""What a person does with the version of a run from a screen: put it back, pin a job to it.

These coroutines open dialogs and wait for them, so they run in a worker.
"""

from functools import partial
from typing import Any

from textual.app import App

from store.models import Run
from tui.run_actions import attempt, notify
from tui.screens.pin_job import PinJobScreen
from tui.screens.restore import RestoreScreen
from tui.services import Services


async def restore_files(app: App[Any], services: Services, run: Run) -> None:
    """Shows exactly what will change, asks, and puts the files of the run back."""
    preview = await attempt(app, services.actions.preview_restore(run.id))
    if preview is None:
        return
    if not preview.changes:
        notify(app, f"The project's files are as #{run.id} saw them already.")
        return
    wanted = await app.push_screen_wait(RestoreScreen(f"Put the files of #{run.id} {run.name} back?", preview))
    if not wanted:
        return
    done = await attempt(app, services.actions.restore(run.id, preview.present, bool(preview.uncommitted)))
    if done is not None:
        stashed = " Your edits are stashed: git stash pop brings them back." if done.stash else ""
        notify(app, f"The files are as #{run.id} saw them; runroom restore {run.id} --undo takes it back.{stashed}")


async def create_job(app: App[Any], services: Services, run: Run) -> None:
    """Asks for a name, and writes a job that always runs what this run saw."""
    dialog = PinJobScreen(run, partial(services.actions.pin_job, run.id))
    pinned = await app.push_screen_wait(dialog)
    if pinned is not None:
        notify(app, f"{pinned.job} is in {pinned.file}; it always runs version {pinned.version[:10]}.")

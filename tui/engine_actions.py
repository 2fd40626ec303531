"""What a person does about the engine itself. Runs in a worker, as what is done to runs does."""

from typing import Any

from textual.app import App

from tui.run_actions import attempt, notify, refused
from tui.services import Services


async def start_engine(app: App[Any], services: Services) -> None:
    """Starts the engine where none runs, and says so."""
    if refused(app, services):
        return
    process = await attempt(app, services.actions.start_engine())
    if process is not None:
        notify(app, f"The engine runs as process {process}.")

"""Going from a run to a comparison of runs."""

from typing import Any

from textual.app import App

from store.comparison.compared import FEWEST, MOST
from store.errors import StoreError
from tui.run_actions import notify, notify_error
from tui.services import Services


async def compare_with_previous(app: App[Any], services: Services, run_id: int) -> None:
    """Opens the comparison of a run with the one of its job before it that came so far as to read its project."""
    try:
        async with services.reads() as reader:
            previous = await reader.comparable_run(await reader.run(run_id))
    except StoreError as error:
        notify_error(app, str(error))
        return
    if previous is None:
        notify(app, f"#{run_id} is the first of its job: there is no run before to compare it with.")
        return
    compare_runs(app, services, (previous, run_id))


def compare_runs(app: App[Any], services: Services, run_ids: tuple[int, ...]) -> None:
    """Opens the comparison of these runs, the oldest first."""
    if not FEWEST <= len(run_ids) <= MOST:
        notify_error(app, "Two, three or four runs can be compared: mark them with the space bar.")
        return
    from tui.screens.compare import CompareScreen  # Home does not wait for it.

    app.open_page(CompareScreen(services, sorted(run_ids)))  # type: ignore[attr-defined]

"""What a person does to the run whose page is in front."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from textual.app import App
from textual.screen import Screen

from store.models import Run
from store.run_file import RunFileError, run_file
from tui import plan_actions, run_actions
from tui.compare_actions import compare_with_previous
from tui.screens.save_file import SaveScreen
from tui.services import Services

Act = Callable[[App[Any], Services, int], Awaitable[Run | None]]
"""Asks where it matters, and gives the run that came of it; None where none did."""


class ActsOnRun(Screen[None]):
    """Base of the run page: each key asks where it matters, acts, and goes on to the run that came of it."""

    def __init__(self, services: Services, run_id: int) -> None:
        super().__init__()
        self.services = services
        self.run_id = run_id

    def copied(self) -> str | None:
        """What is chosen, for `y`; None for nothing."""
        raise NotImplementedError

    def copied_sql(self) -> str | None:
        """The SQL of what is chosen, for `Y`; None for none."""
        raise NotImplementedError

    def file_to_save(self) -> str | None:
        """The chosen file, relative to the run's folder; None for none."""
        raise NotImplementedError

    def go_to_run(self, run_id: int) -> None:
        """Shows another run in this one's place."""
        self.app.replace_run(run_id)  # type: ignore[attr-defined]

    def action_go_to(self, run_id: int) -> None:
        """Follows a link to another run."""
        self.go_to_run(run_id)

    def action_stop_run(self) -> None:
        """Asks, then asks the engine for a stop."""
        self.run_worker(run_actions.stop_run(self.app, self.services, self.run_id), group="act")

    def action_rerun_run(self) -> None:
        """Runs it again and shows the new run."""
        self._go_on_with(run_actions.run_again)

    def action_rerun_failed(self) -> None:
        """Runs again what failed or was skipped, and shows the new run."""
        self._go_on_with(run_actions.run_failed_again)

    def action_apply_plan(self) -> None:
        """Asks, applies the plan that is shown, and shows the run that does it."""
        self._go_on_with(plan_actions.apply_plan)

    def action_repair(self) -> None:
        """Asks, loads half-written intervals again, and shows the run that does it."""
        self._go_on_with(plan_actions.repair_run)

    def action_compare(self) -> None:
        """Shows it beside the run of its job before."""
        self.run_worker(compare_with_previous(self.app, self.services, self.run_id), group="act")

    def action_save(self) -> None:
        """Saves the chosen file or log elsewhere."""
        if (file := self.file_to_save()) is not None:
            self.run_worker(self._save(file), group="act")

    def action_copy(self) -> None:
        """Copies what is chosen, else the run's number."""
        text = self.copied() or f"#{self.run_id}"
        self.run_worker(run_actions.copy(self.app, self.services, text), group="act")

    def action_copy_sql(self) -> None:
        """Copies the SQL of what is chosen."""
        sql = self.copied_sql()
        if sql is None:
            run_actions.notify(self.app, "There is no SQL here to copy.")
        else:
            self.run_worker(run_actions.copy(self.app, self.services, sql), group="act")

    def _go_on_with(self, act: Act) -> None:
        self.run_worker(self._act(act), group="act")

    async def _act(self, act: Act) -> None:
        run = await act(self.app, self.services, self.run_id)
        if run is not None and run.id != self.run_id:
            self.go_to_run(run.id)

    async def _save(self, file: str) -> None:
        try:
            source = await asyncio.to_thread(run_file, self.services.paths.run(self.run_id).folder, file)
        except RunFileError as error:
            run_actions.notify_error(self.app, str(error))
            return
        saved = await self.app.push_screen_wait(SaveScreen(source))
        if saved is not None:
            run_actions.notify(self.app, f"Saved as {saved}.")

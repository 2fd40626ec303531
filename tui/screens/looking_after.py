"""The keys by which a page looks after the runs that it is about: one, or those that are marked in it."""

from collections.abc import Awaitable
from typing import Any

from textual.screen import Screen

from tui import triage_actions
from tui.host_actions import export_hosts
from tui.services import Services


class LooksAfterRuns(Screen[None]):
    """The page says which runs its keys are about."""

    services: Services

    def runs_looked_after(self) -> tuple[int, ...]:
        """The marked runs, else the chosen one; none where there is none."""
        raise NotImplementedError

    def after_triage(self) -> None:
        """Something was done to them: marks mean nothing any more."""

    def trail_of(self) -> int | None:
        """The run whose trail the page shows; None for the whole workspace."""
        return None

    def runs_are_gone(self) -> None:
        """They were deleted."""

    def action_acknowledge(self) -> None:
        """Says that somebody looks after a failure."""
        self._do(triage_actions.acknowledge(self.app, self.services, self.runs_looked_after()))

    def action_archive(self) -> None:
        """Takes runs out of the lists, or puts them back."""
        self._do(triage_actions.archive(self.app, self.services, self.runs_looked_after()))

    def action_delete_runs(self) -> None:
        """Deletes runs that are over, after asking."""
        self._do(self._delete())

    async def _delete(self) -> None:
        if await triage_actions.delete(self.app, self.services, self.runs_looked_after()):
            self.runs_are_gone()

    def action_undo_delete(self) -> None:
        """Brings back what was deleted last."""
        self.run_worker(triage_actions.undo_delete(self.app, self.services), group="act")

    def action_rename_run(self) -> None:
        """Gives the chosen run another name."""
        for run_id in self.runs_looked_after()[-1:]:
            self.run_worker(triage_actions.rename(self.app, self.services, run_id), group="act")

    def action_copy_link(self) -> None:
        """Copies the command that opens the chosen run."""
        for run_id in self.runs_looked_after()[-1:]:
            self.run_worker(triage_actions.copy_link(self.app, self.services, run_id), group="act")

    def action_export_hosts(self) -> None:
        """Shows the hosts that the runs used, to copy them or save them to a file."""
        if run_ids := self.runs_looked_after():
            self.run_worker(export_hosts(self.app, self.services, run_ids), group="act")

    def action_show_trail(self) -> None:
        """Shows who did what and when."""
        from tui.screens.trail import TrailScreen  # Home does not wait for it.

        run_id = self.trail_of()
        app: Any = self.app
        app.open_page(TrailScreen(self.services, "" if run_id is None else f"#{run_id}"))

    def _do(self, work: Awaitable[None]) -> None:
        self.run_worker(self._done(work), group="act")

    async def _done(self, work: Awaitable[None]) -> None:
        await work
        self.after_triage()

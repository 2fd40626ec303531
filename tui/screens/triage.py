"""What a page does about the run that it is about, or that is chosen in it, when that has failed."""

import asyncio
from typing import Any

from textual.screen import Screen

from store.causes import Failure
from store.errors import StoreError
from store.fingerprints import SHORT_LENGTH
from store.models import Run
from store.wording import byte_size
from tui import run_actions
from tui.clipboard import copy_text
from tui.search.choices import ScopeChoice, choices_from
from tui.services import Services


class TriageActions(Screen[None]):
    """The keys for failures: the page says which run, and maybe which model or audit, they are about."""

    services: Services

    def triaged_run(self) -> int | None:
        """The run that the keys are about; None where none is chosen."""
        raise NotImplementedError

    def triaged_node(self) -> str | None:
        """The unique name of the chosen model or audit; None where none is."""
        return None

    def action_show_alike(self) -> None:
        """Lists the runs that failed like this one, at home."""
        run_id = self.triaged_run()
        if run_id is not None:
            self.run_worker(self._show_alike(run_id, self.triaged_node()), group="act")

    async def _show_alike(self, run_id: int, node: str | None) -> None:
        try:
            async with self.services.reads() as reader:
                failures = await reader.failures(run_id)
                causes = [cause.key for cause in await reader.causes(run_id)]
        except StoreError as error:
            run_actions.notify_error(self.app, str(error))
            return
        if not causes:
            run_actions.notify(self.app, f"Nothing failed in #{run_id}.")
            return
        cause = _cause_of(failures, node) or causes[0]
        app: Any = self.app
        app.list_runs(f"cause:{cause[:SHORT_LENGTH]}")

    def action_bundle(self) -> None:
        """Packs what there is to know of the run, and copies the short form."""
        run_id = self.triaged_run()
        if run_id is not None:
            self.run_worker(self._bundle(run_id), group="act")

    async def _bundle(self, run_id: int) -> None:
        from engine.client.secrets import mask_of_now
        from store.bundle.making import make_bundle
        from store.whole_file import FileNotWritten

        services = self.services
        folder = services.paths.bundles
        try:
            await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
            made = await make_bundle(
                services.reads, services.paths, run_id, mask_of_now, folder, services.clock(), overwrite=True
            )
            await copy_text(self.app, made.short, services.paths.record)
        except (StoreError, FileNotWritten) as error:
            run_actions.notify_error(self.app, str(error))
        except OSError as error:
            run_actions.notify_error(self.app, f"{error.filename} cannot be written: {error.strerror}.")
        else:
            said = f"#{run_id} is bundled ({byte_size(made.size)}). Its short form is copied.\n{made.path}"
            run_actions.notify(self.app, said)

    def searched_run(self) -> int | None:
        """The run whose logs are searched first; None for the workspace."""
        return self.triaged_run()

    def action_search_logs(self) -> None:
        """Opens the search in the logs."""
        self.run_worker(self._search_logs(self.searched_run()), group="act")

    async def _search_logs(self, run_id: int | None) -> None:
        from tui.screens.search import SearchScreen  # Home does not wait for it.

        try:
            async with self.services.reads() as reader:
                run = await reader.run(run_id) if run_id is not None else None
        except StoreError as error:
            run_actions.notify_error(self.app, str(error))
            return
        app: Any = self.app
        app.open_page(SearchScreen(self.services, self.search_choices(run)))

    def search_choices(self, run: Run | None) -> tuple[ScopeChoice, ...]:
        """The places to search, the first one first."""
        return choices_from(run)


def _cause_of(failures: list[Failure], node: str | None) -> str | None:
    return next((failure.cause for failure in failures if failure.node == node), None)

"""Keeps the app open where the record cannot be read: no failing look at it is worth losing the screen for."""

from typing import Any

from textual.app import App
from textual.worker import WorkerFailed

from store.errors import StoreError


class EnduringApp(App[Any]):
    """Tells what a worker could not read, in its one sentence, where the worker itself does not.

    Panes say in their own place what keeps them from being shown; this is for all that do not.
    """

    def _handle_exception(self, error: Exception) -> None:
        if isinstance(error, WorkerFailed) and isinstance(error.error, StoreError):
            self.notify(str(error.error), severity="error", markup=False)
        else:
            super()._handle_exception(error)

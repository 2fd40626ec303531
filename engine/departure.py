"""How an engine goes: because somebody asked for it, which is remembered, or because it idled or died."""

import asyncio
import contextlib

from store.paths import WorkspacePaths


class Departure:
    """Lasts as long as the engine. A file says afterwards that its stop was asked for, until another one serves."""

    def __init__(self, paths: WorkspacePaths) -> None:
        self.asked = asyncio.Event()
        self._mark = paths.engine_stopped

    def ask(self) -> None:
        """Somebody wants the engine to go. Said in the file first: clients that lose the engine now look there."""
        # A folder that is gone or full is no reason to stay.
        with contextlib.suppress(OSError):
            self._mark.touch()
        self.asked.set()

    def forget_former(self) -> None:
        """This engine serves now, whoever stopped the one before."""
        self._mark.unlink(missing_ok=True)

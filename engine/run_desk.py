"""Where those parts of the engine that start runs by themselves ask for them; the supervisor is one."""

from typing import Protocol

from engine.configuration.workspace import Workspace
from engine.origin import Origin
from engine.protocol import RerunRun, StartRun
from store.models import Run


class RunDesk(Protocol):
    """Every method that starts something raises RunroomError when that cannot be."""

    @property
    def workspace(self) -> Workspace:
        """The configuration that is in force."""

    async def request_run(self, wanted: StartRun, origin: Origin) -> Run:
        """Records a run, and starts it unless its origin says otherwise."""

    async def rerun(self, run_id: int, wanted: RerunRun, origin: Origin) -> Run:
        """Records another run like this one."""

    def settled(self, run_id: int) -> None:
        """Nothing follows the run any more."""

    async def release(self, run_id: int, not_started: str | None = None) -> None:
        """Lets a scheduled run begin, or skips it for a reason."""

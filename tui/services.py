"""What the app lends to its screens: the record to read, the engine to act through, the clock."""

from dataclasses import dataclass, field
from typing import Protocol

from engine.protocol import DeedName, PinnedJob, Refreshed, RerunMode, RerunPreview, Restored, RestorePreview
from store.clock import Clock, system_clock
from store.lineage.sql_process import SqlProcess
from store.models import JobPause, Run, RunOptions
from store.paths import WorkspacePaths
from store.readers import Reads
from tui.undo import Undo
from tui.watched import Watched


class Actions(Protocol):
    """What a person can ask of the engine. Every method raises `engine.errors.RunroomError` with one clear sentence."""

    async def start(self, job: str, environment: str | None = None, options: RunOptions | None = None) -> Run:
        """Starts a job, with an ad-hoc selection where options say so."""

    async def preview_start(self, job: str, options: RunOptions, environment: str | None = None) -> tuple[str, ...]:
        """The commands that a job with these options would execute; nothing is done."""

    async def start_engine(self) -> int:
        """Starts the engine where none runs; gives its process."""

    async def cancel(self, run_id: int) -> Run:
        """Asks for a stop."""

    async def rerun(self, run_id: int, mode: RerunMode = "latest") -> Run:
        """Runs it again, in one of the three ways."""

    async def preview_rerun(self, run_id: int, mode: RerunMode) -> RerunPreview:
        """What running it again would do; nothing is done."""

    async def preview_restore(self, run_id: int) -> RestorePreview:
        """What putting back the files that the run saw would change; nothing is changed."""

    async def restore(self, run_id: int, present: str, stash: bool) -> Restored:
        """Puts them back, as the preview said when the files were the version `present`."""

    async def pin_job(self, run_id: int, name: str) -> PinnedJob:
        """Writes a job that always runs what this run saw."""

    async def plan(self, environment: str, options: RunOptions) -> Run:
        """Plans an environment, `flights/dev`, which SQLMesh makes if it is not there; applies it if options say so."""

    async def triage(self, run_id: int, deed: DeedName, note: str | None = None) -> Run:
        """Acknowledges, archives or brings back a run, or takes that back."""

    async def delete(self, run_id: int) -> Run:
        """Deletes a run that is over; gives it as it was."""

    async def rename(self, run_id: int, name: str) -> Run:
        """Gives a run another name."""

    async def repair(self, run_id: int) -> Run:
        """Loads again what this run left half-written."""

    async def pause_job(self, job: str, reason: str) -> JobPause:
        """Keeps a job, `flights/nightly`, from starting by itself."""

    async def resume_job(self, job: str) -> JobPause:
        """Lets it start by itself again."""

    async def reload_configuration(self) -> str | None:
        """Has the configuration read again; gives what of it cannot be used. Raises for what is wrong with it."""

    async def test_notifications(self) -> dict[str, str | None]:
        """Has a test message sent; by channel why it did not arrive, None where it did."""

    async def refresh_environments(self, project: str | None = None) -> Refreshed:
        """Has SQLMesh's environments read again, those of one project or all; takes seconds."""


@dataclass(frozen=True, slots=True)
class Services:
    """Everything outside the screen that a screen may use."""

    paths: WorkspacePaths
    reads: Reads
    actions: Actions
    clock: Clock = system_clock
    readonly: bool = False
    watched: Watched = field(default_factory=Watched)
    undo: Undo = field(default_factory=Undo)
    sql: SqlProcess = field(default_factory=SqlProcess)

"""The words that clients and the engine exchange over its socket, version 1.

HTTP with JSON bodies on a Unix socket. An error is `{"error": …, "exit_code": n}` with a 4xx or 5xx status.
"""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from store.changes import FileChange
from store.models import JobPause, Run, RunKind, RunOptions, Scope, Trigger

API_VERSION = 1

RerunMode = Literal["latest", "same", "failed"]
"""With which files a run is done again, or how much of it."""


class Message(BaseModel):
    """Base of everything that goes over the socket: frozen; unknown keys are ignored."""

    # Validators are built when something is validated: few programs use all of these models, and none at its start.
    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)


class Rebuilt(Message):
    """What `rebuild` read back from the journals."""

    runs: int
    events: int
    notices: tuple[str, ...] = ()


class Hello(Message):
    """The handshake: who answers."""

    api: int
    version: str
    pid: int
    workspace: str
    started_at: datetime
    active_runs: int
    store_schema: int = 0
    """The schema of the store that it writes; 0 from engines that do not tell, which are earlier ones."""
    configuration_problem: str | None = None
    listens_on: str | None = None
    """The address of its API over TCP, where it has one."""
    listening_problem: str | None = None
    rebuilt: Rebuilt | None = None


class StartRun(Message):
    """Asks for a run of a job, or of `steps` in an environment when no job is named.

    `job` and `environment` are references as users type them: `nightly`, `prod`, `flights/prod`.
    """

    job: str | None = None
    environment: str | None = None
    new_environment: bool = False
    """Whether `environment` may name one that is yet to be made, by a plan of SQLMesh."""
    kind: RunKind | None = None
    steps: tuple[str, ...] = ()
    name: str | None = None
    author: str | None = None
    trigger: Trigger = "manual"
    options: RunOptions = Field(default_factory=RunOptions)
    version: str | None = Field(default=None, pattern=r"^[0-9a-f]{7,64}$")
    """The recorded version to run; default: what the job or the environment's branch says, else the present files."""
    process_environment: dict[str, str] | None = None
    """The environment variables of whoever asks, for the tool; kept in the engine's memory only, never written."""


class StartPreview(Message):
    """What a run that is asked for would execute: its commands, as one would type them."""

    commands: tuple[str, ...]


class RerunRun(Message):
    """Asks for the run again: with the latest files, those that it saw, or only what failed and was skipped in it."""

    author: str | None = None
    mode: RerunMode = "latest"
    process_environment: dict[str, str] | None = None


class Foreseen(Message):
    """A model or audit that fails again, if `certain` for sure; `skips` counts the models behind it."""

    node: str
    name: str
    certain: bool
    why: str
    skips: int = 0


class RerunPreview(Message):
    """What a re-run would do, before anything is done.

    `commands` as they would be typed, `source` says which files, `models` and `audits` are what it would execute (None:
    not known before the tool has read the project), `expected_s` is in seconds.
    """

    run: int
    mode: RerunMode
    commands: tuple[str, ...]
    source: str
    version: str | None = None
    changed_files: int | None = None
    models: tuple[str, ...] | None = None
    audits: tuple[str, ...] | None = None
    expected_s: float | None = None
    foreseen: tuple[Foreseen, ...] = ()
    notes: tuple[str, ...] = ()


class RestorePreview(Message):
    """What restoring a run's files would change in the project's folder, and which edits stand against it.

    `difference` is a unified diff from the present files, cut off where it is very long.
    """

    run: int
    version: str
    present: str
    folder: str
    changes: tuple[FileChange, ...]
    uncommitted: tuple[str, ...] = ()
    difference: str = ""


class RestoreRun(Message):
    """Asks for the files of a run to be put back, or, with `undo`, for those that the last restore replaced.

    `present` is what the preview said, so that exactly what was shown is done.
    """

    author: str | None = None
    present: str | None = None
    stash: bool = False
    undo: bool = False


class Restored(Message):
    """What was done; `stash` is the message under which git keeps the edits that were in the way."""

    changes: tuple[FileChange, ...]
    stash: str | None = None


class PinJob(Message):
    """Asks for a job that always runs the version of a run."""

    name: str
    author: str | None = None


class PinnedJob(Message):
    """The job that was written, and where."""

    job: str
    version: str
    file: str


DeedName = Literal["acknowledge", "unacknowledge", "archive", "unarchive", "undelete"]


class Deed(Message):
    """Something that a person does to a run: who, and a note where there is one."""

    author: str | None = None
    note: str | None = Field(default=None, max_length=10_000)


class CancelRun(Message):
    """Asks for a stop."""

    author: str | None = None


class RefreshEnvironments(Message):
    """Asks what a project's tool knows of its environments; of every SQLMesh project when none is named."""

    project: str | None = None


class Refreshed(Message):
    """What was read, and why some of it could not be."""

    projects: tuple[str, ...]
    environments: int
    problems: tuple[str, ...] = ()


class RepairRun(Message):
    """Asks to load again the intervals that a run left half-written."""

    author: str | None = None
    process_environment: dict[str, str] | None = None


class PauseJob(Message):
    """Asks that a job, `nightly` or `flights/nightly`, does not start by itself for now."""

    job: str
    reason: str = Field(min_length=1, max_length=200)
    author: str | None = None


class TestNotifications(Message):
    """Asks that a test message goes out through one channel, or through all."""

    __test__ = False  # pytest would take it for tests
    channel: str | None = None


class TestedNotifications(Message):
    """By channel why the test message did not arrive, None where it did."""

    __test__ = False
    problems: dict[str, str | None]


class ResumeJob(Message):
    """Asks that a paused job starts by itself again."""

    job: str
    author: str | None = None


class PauseAnswer(Message):
    """The pause that began or ended."""

    pause: JobPause


class CreateToken(Message):
    """Asks for a token for the API over TCP."""

    name: str
    scope: Scope
    author: str | None = None


class TokenCreated(Message):
    """The new token: `token` is told this once."""

    name: str
    scope: Scope
    token: str


class ListedToken(Message):
    """A token as anybody may see it. `last_used_at` is right to the minute."""

    name: str
    scope: Scope
    created_at: datetime
    created_by: str | None = None
    last_used_at: datetime | None = None


class TokenList(Message):
    """The tokens that open something, by name."""

    tokens: tuple[ListedToken, ...]


class RenameRun(Message):
    """Gives a run another name."""

    name: str = Field(min_length=1, max_length=200)
    author: str | None = None


class RunAnswer(Message):
    """The run that a request made or changed."""

    run: Run


class Change(Message):
    """A nudge: these runs changed, up to this change number. The store has the facts."""

    change: int
    runs: tuple[int, ...] = ()
    workspace: bool = False


class Problem(Message):
    """An error answer."""

    error: str
    exit_code: int = 3
    details: dict[str, Any] = Field(default_factory=dict)

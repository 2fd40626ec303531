"""Where the files of a workspace are: the one place that spells their names (DESIGN §5)."""

from dataclasses import dataclass
from pathlib import Path

CONFIGURATION_FILE = "runroom.toml"
RECORD_FOLDER = ".runroom"


@dataclass(frozen=True, slots=True)
class RunPaths:
    """The files of one run."""

    folder: Path

    @property
    def request(self) -> Path:
        """What was asked for: the worker's input."""
        return self.folder / "run.json"

    @property
    def journal(self) -> Path:
        """One run-protocol event a line."""
        return self.folder / "events.jsonl"

    @property
    def control(self) -> Path:
        """What the engine asks of the running worker, one request a line."""
        return self.folder / "control.jsonl"

    @property
    def actions(self) -> Path:
        """What people did about the run, one action a line."""
        return self.folder / "actions.jsonl"

    @property
    def worker_lock(self) -> Path:
        """Held by the worker for as long as it lives, so that a run never has two."""
        return self.folder / "worker.lock"

    @property
    def worker_log(self) -> Path:
        """What the worker process itself says; empty when all is well."""
        return self.folder / "worker.log"

    @property
    def logs(self) -> Path:
        """One plain-text log a step."""
        return self.folder / "logs"

    @property
    def target(self) -> Path:
        """The tool's own output: the artifacts."""
        return self.folder / "target"

    @property
    def to_put_away(self) -> Path:
        """There for as long as the run has something that its closing steps are to take away."""
        return self.folder / "to-put-away"

    @property
    def checkout(self) -> Path:
        """The project's files at the run's commit, for git projects with a branch."""
        return self.folder / "checkout"


@dataclass(frozen=True, slots=True)
class WorkspacePaths:
    """The files of one workspace."""

    folder: Path

    @property
    def configuration(self) -> Path:
        """What people write."""
        return self.folder / CONFIGURATION_FILE

    @property
    def record(self) -> Path:
        """All that Runroom writes."""
        return self.folder / RECORD_FOLDER

    @property
    def database(self) -> Path:
        """The store."""
        return self.record / "store.db"

    @property
    def socket(self) -> Path:
        """The engine's socket, or a link to it where this path is too long for a socket address."""
        return self.record / "engine.sock"

    @property
    def engine_lock(self) -> Path:
        """Held by the engine for as long as it lives."""
        return self.record / "engine.lock"

    @property
    def engine_environment(self) -> Path:
        """What people write for an engine that is a service: variables that its session does not have."""
        return self.record / "engine.env"

    @property
    def engine_stopped(self) -> Path:
        """There from when somebody stopped the engine until one serves again."""
        return self.record / "engine.stopped"

    @property
    def deleted(self) -> Path:
        """The runs that were deleted since the engine began."""
        return self.record / "deleted"

    def deleted_run(self, run_id: int) -> RunPaths:
        """The files of one of them."""
        return RunPaths(self.deleted / str(run_id))

    @property
    def pauses(self) -> Path:
        """Which jobs were paused and resumed, one a line."""
        return self.record / "pauses.jsonl"

    @property
    def tokens(self) -> Path:
        """Which tokens of the API were made and revoked, one a line; of each only the hash."""
        return self.record / "tokens.jsonl"

    @property
    def engine_log(self) -> Path:
        """What the engine says of itself."""
        return self.record / "engine.log"

    @property
    def versions(self) -> Path:
        """The project's files as runs saw them: a bare git repository."""
        return self.record / "versions.git"

    def mirror(self, project: str) -> Path:
        """The bare mirror of a git project's remote."""
        return self.record / "mirrors" / f"{project}.git"

    def default_checkout(self, project: str) -> Path:
        """The default branch of a git project, checked out."""
        return self.record / "projects" / project

    @property
    def runs(self) -> Path:
        """One folder a run."""
        return self.record / "runs"

    @property
    def bundles(self) -> Path:
        """What the app packs for others to look into."""
        return self.record / "bundles"

    def run(self, run_id: int) -> RunPaths:
        """The files of the run with this number."""
        return RunPaths(self.runs / str(run_id))

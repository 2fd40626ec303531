"""The worker's side of versions: records the files that a run sees, and tells beside its steps what changed."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from engine.git import GitError, GitNotInstalled
from engine.versions.changes import Nodes, Present, changes_since
from engine.versions.recording import record_run
from engine.versions.repository import UnknownVersion, VersionRepository
from engine.worker.checkout import Source
from store.changes import ChangeDetails, VersionChanges
from store.clock import Clock
from store.events import AnyEvent, Changes, Graph, ModelChange, Notice, SourceFound, ToolIdentified, VersionRecorded
from store.models import EarlierRun, RunRequest
from store.paths import RunPaths


class Versioning:
    """The version of one run. Nothing that goes wrong here harms the run: it becomes a notice."""

    def __init__(
        self,
        request: RunRequest,
        paths: RunPaths,
        repository: VersionRepository,
        clock: Clock,
        emit: Callable[[AnyEvent], None],
    ) -> None:
        self._request = request
        self._paths = paths
        self._repository = repository
        self._clock = clock
        self._emit = emit
        self._commit: str | None = None
        self._version: str | None = None
        self._tool_version: str | None = None
        self._comparing: asyncio.Task[None] | None = None

    async def record(self, source: Source) -> None:
        """Records the files before the tool touches them, and says so."""
        self._commit = source.commit.sha if source.commit is not None else self._commit
        try:
            recorded = await record_run(
                self._repository, source.folder, self._request.id, changing=not source.checked_out
            )
        except GitNotInstalled:
            self._warn("git is not installed here, so the project's files are not recorded with this run.")
        except (GitError, OSError) as error:
            self._warn(f"The project's files could not be recorded: {error}")
        else:
            self._version = recorded.version
            self._emit(VersionRecorded(ts=self._clock(), version=recorded.version))
            if recorded.listing.notice:
                self._warn(recorded.listing.notice)

    def hear(self, event: AnyEvent) -> None:
        """The first graph is what earlier runs are compared with, while the tool goes on."""
        match event:
            case SourceFound():
                self._commit = event.commit
            case ToolIdentified():
                self._tool_version = event.version
            case Graph() if self._comparing is None and self._version is not None:
                self._begin({node.model: node for node in event.nodes})
            case _:
                pass

    async def finish(self) -> None:
        """Waits for the comparison; a run that came to no graph is compared by its files."""
        if self._comparing is None and self._version is not None:
            self._begin({})
        if self._comparing is not None:
            await self._comparing

    def _begin(self, nodes: Nodes) -> None:
        self._comparing = asyncio.create_task(self._compare(nodes))

    async def _compare(self, nodes: Nodes) -> None:
        previous, good = self._request.previous, self._request.good
        try:
            before = await self._since(previous, nodes)
            same = good is None or (previous is not None and good.id == previous.id)
            since_good = None if same else await self._since(good, nodes)
        except (GitError, UnknownVersion, OSError) as error:
            self._warn(f"What changed since earlier runs could not be worked out: {error}")
            return
        if before is not None:
            self._emit(self._event(before, since_good))

    async def _since(self, earlier: EarlierRun | None, nodes: Nodes) -> VersionChanges | None:
        if earlier is None:
            return None
        assert self._version is not None, "nothing is compared before it is recorded"
        present = Present(self._request, self._version, nodes, self._commit, self._tool_version)
        files = RunPaths(self._paths.folder.with_name(str(earlier.id)))
        return await changes_since(self._repository, earlier, files, present)

    def _event(self, before: VersionChanges, since_good: VersionChanges | None) -> Changes:
        # SQLMesh says itself what a plan changes, and a run of it executes what was planned, not the files.
        changes = before.models if self._request.tool == "dbt" else ()
        details = ChangeDetails(
            previous=before.model_copy(update={"models": ()}),
            good=since_good and since_good.model_copy(update={"models": tuple(map(_without_diff, since_good.models))}),
        )
        return Changes(ts=self._clock(), changes=changes, details=details.as_details())

    def _warn(self, text: str) -> None:
        self._emit(Notice(ts=self._clock(), level="warning", text=text))


def _without_diff(change: ModelChange) -> ModelChange:
    return change.model_copy(update={"diff": None})


def versions_of(paths: RunPaths) -> Path:
    """Where the workspace of a run keeps its versions."""
    return paths.folder.parent.parent / "versions.git"

"""Looks at the remotes of projects: clones what is to be mirrored, and tells the desk of heads that moved."""

import asyncio
import logging
import os
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from engine.configuration.requests import mirror_of
from engine.configuration.workspace import Workspace
from engine.errors import ConfigurationError
from engine.git import GitError, repository_of
from engine.git_triggers.decide import moves, of_the_repository
from engine.git_triggers.desk import GitDesk
from engine.hub import Hub
from engine.mirrors import bring_up_to_date, is_mirrored, remote_heads, remote_url, without_credentials
from engine.redaction import Redactor
from store.clock import Clock
from store.models import Project
from store.reads import StoreReader
from store.writes import StoreWriter

_logger = logging.getLogger("runroom.engine")
_LONGEST_SLEEP_S = 20.0
_CLONE_AGAIN = timedelta(minutes=1)


class Configured(Protocol):
    """Whoever knows the configuration in force."""

    @property
    def workspace(self) -> Workspace:
        """The configuration that is in force."""

    async def reload(self) -> None:
        """Reads it again. Raises ConfigurationError."""


class RemoteWatch:
    """One look at a project's remote at a time; a remote that does not answer holds up no other."""

    def __init__(
        self, configured: Configured, desk: GitDesk, writer: StoreWriter, reader: StoreReader, clock: Clock
    ) -> None:
        self._configured = configured
        self._desk = desk
        self._writer = writer
        self._reader = reader
        self._clock = clock
        self._due: dict[str, datetime] = {}
        self._problems: dict[str, str] = {}

    @property
    def wanted(self) -> bool:
        """Whether a remote is to be looked at again and again: then the engine must stay."""
        return any(project.poll_s is not None for project in self._configured.workspace.projects)

    async def run(self, hub: Hub) -> None:
        """Goes on for as long as the engine does."""
        async with hub.subscribe(client=False) as news:
            while True:
                pause_s = await self.look()
                with suppress(TimeoutError):
                    await asyncio.wait_for(news.next(), pause_s)

    async def look(self) -> float:
        """Looks at the remotes whose time has come, and returns the seconds until the next one's."""
        now = self._clock()
        due = [project for project in self._projects() if self._due.get(project.name, now) <= now]
        await asyncio.gather(*map(self._look_at, due))
        after = self._clock()
        waits = [(self._due.get(project.name, after) - after).total_seconds() for project in self._projects()]
        return min([_LONGEST_SLEEP_S, *(max(0.0, wait) for wait in waits)])

    def _projects(self) -> Sequence[Project]:
        projects = self._configured.workspace.projects
        paths = self._configured.workspace.paths
        names = {project.name for project in projects}
        self._due = {name: at for name, at in self._due.items() if name in names}
        return [
            project
            for project in projects
            if project.poll_s is not None or (project.git is not None and not is_mirrored(paths, project.name))
        ]

    async def _look_at(self, project: Project) -> None:
        try:
            if project.git is not None and not is_mirrored(self._configured.workspace.paths, project.name):
                await self._mirror(project)
            if project.poll_s is not None:
                await self._poll(project)
            else:
                await self._note(project, None)
            self._problems.pop(project.name, None)
        except GitError as error:
            problem = Redactor(os.environ).text(str(error))
            if self._problems.get(project.name) != problem:
                _logger.warning("the remote of %s cannot be used: %s", project.name, problem)
            self._problems[project.name] = problem
            await self._note(project, problem)
        finally:
            pause = _CLONE_AGAIN if project.poll_s is None else timedelta(seconds=project.poll_s)
            self._due[project.name] = self._clock() + pause

    async def _note(self, project: Project, problem: str | None) -> None:
        remote = without_credentials(project.git) if project.git is not None else await self._origin(project)
        await self._writer.git.note_attempt(project.name, remote, self._clock(), problem)

    async def _origin(self, project: Project) -> str | None:
        with suppress(GitError):
            return (await self._place(project))[1]
        return None

    async def _poll(self, project: Project) -> None:
        folder, remote = await self._place(project)
        heads = await remote_heads(folder, project.git or "origin")
        if not await self._reader.git.is_known(project.name, remote):
            await self._writer.git.begin(project.name, remote, heads, self._clock())
            return
        counted = heads if project.forks else of_the_repository(heads, remote)
        found = moves(project.name, await self._reader.git.heads(project.name), heads, counted)
        for ref in found.gone:
            await self._desk.gone(project.name, ref)
        for head in found.moved:
            await self._desk.moved(head)
        await self._writer.git.note_look(project.name, remote, self._clock())
        if project.git is not None and found.moved:
            await self._mirror(project)

    async def _place(self, project: Project) -> tuple[Path, str]:
        """Where git is to work, and the address of the remote. Raises GitError."""
        workspace = self._configured.workspace
        if project.git is not None:
            return workspace.paths.mirror(project.name), without_credentials(project.git)
        folder = workspace.project_folder(project)
        repository = await repository_of(folder)
        if repository is None:
            raise GitError(f"{folder} is in no git repository with a commit")
        remote = await remote_url(repository)
        if remote is None:
            raise GitError(f"{repository} has no remote named origin")
        return repository, remote

    async def _mirror(self, project: Project) -> None:
        """What is detected in the project may be otherwise after it. Raises GitError."""
        mirror = mirror_of(self._configured.workspace, project)
        if mirror is None or not await bring_up_to_date(mirror):
            return
        try:
            await self._configured.reload()
        except ConfigurationError as error:
            _logger.warning("the last good configuration stays in force: %s", error)

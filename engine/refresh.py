"""Reads what tools know of their environments, when somebody asks for it; runs report it by themselves."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager

from engine.configuration.requests import project_interpreter
from engine.configuration.workspace import Workspace
from engine.environments import read_environments
from engine.errors import RunroomError, UsageError
from engine.hub import Hub
from engine.protocol import Refreshed
from store.clock import Clock
from store.models import Project
from store.writes import StoreWriter

Reserve = Callable[[str], AbstractAsyncContextManager[None]]
"""Keeps runs of a project waiting while the context lasts. Raises UsageError when one is going on."""


class Refresher:
    """One reading at a time."""

    def __init__(
        self, workspace: Callable[[], Workspace], reserve: Reserve, writer: StoreWriter, hub: Hub, clock: Clock
    ) -> None:
        self._workspace = workspace
        self._reserve = reserve
        self._writer = writer
        self._hub = hub
        self._clock = clock
        self._turn = asyncio.Lock()

    async def refresh(self, project: str | None) -> Refreshed:
        """Reads one project's environments, or those of every SQLMesh project.

        A project that cannot be read is named with the reason; when it is the only one, that raises.
        """
        async with self._turn:
            chosen = self._chosen(project)
            problems: list[str] = []
            environments = 0
            for each in chosen:
                try:
                    environments += await self._read(each)
                except RunroomError as error:
                    if len(chosen) == 1:
                        raise
                    problems.append(str(error))
            return Refreshed(
                projects=tuple(each.name for each in chosen), environments=environments, problems=tuple(problems)
            )

    def _chosen(self, project: str | None) -> Sequence[Project]:
        workspace = self._workspace()
        known = [each for each in workspace.projects if each.tool == "sqlmesh"]
        chosen = [each for each in known if project in (None, each.name)]
        if project is not None and not chosen:
            names = ", ".join(each.name for each in known) or "none"
            raise UsageError(f"{project} is no SQLMesh project; only those keep a state of environments: {names}.")
        return chosen

    async def _read(self, project: Project) -> int:
        workspace = self._workspace()
        configured = [each for each in workspace.environments if each.project == project.name]
        gateway = next((each.gateway for each in configured if each.gateway), None)
        async with self._reserve(project.name):
            states = await read_environments(
                project.name,
                workspace.project_folder(project),
                project_interpreter(workspace, project),
                gateway,
                self._clock,
            )
        self._hub.publish(await self._writer.record_environments(project.name, states), workspace=True)
        return len(states)

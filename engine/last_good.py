"""What an engine goes by that starts while the configuration cannot be read: the last one that could."""

from dataclasses import replace

from engine.configuration.workspace import Workspace
from store.reads import StoreReader


async def with_last_good(workspace: Workspace, reader: StoreReader) -> Workspace:
    """The workspace; where nothing of it could be read, with the projects, environments and jobs of the record."""
    if workspace.problem is None or workspace.projects:
        return workspace
    return replace(
        workspace,
        name=await reader.workspace_name() or workspace.name,
        projects=tuple(await reader.projects()),
        environments=tuple(await reader.environments()),
        jobs=tuple(await reader.jobs()),
    )

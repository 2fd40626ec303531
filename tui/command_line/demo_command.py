"""`runroom demo`: a workspace with real data, a run in it, and the app on that run."""

import asyncio
import sys
import threading
from pathlib import Path
from typing import Annotated

import typer

from store.filters import RunFilter
from store.models import Run, RunOptions
from store.paths import WorkspacePaths
from tui.command_line.output import complain, say
from tui.command_line.shared import AuthorOption, invocation

_FOLDER = Path("runroom-demo")
_JOB = "flights/flights"
_MESH = "flights_mesh/prod"
_LOOK_AGAIN_S = 0.5


def demo(
    context: typer.Context,
    folder: Annotated[
        Path | None, typer.Argument(metavar="DIR", help="Where to make it; default: ./runroom-demo.")
    ] = None,
    no_open: Annotated[bool, typer.Option("--no-open", help="Wait for the run instead of opening the app.")] = False,
    author: AuthorOption = None,
) -> int:
    """Make a demo workspace with real data, start a run in it and open the app."""
    from engine.client.workspaces import author as author_of
    from engine.client.workspaces import make_demo

    place = (folder or invocation(context).workspace or _FOLDER).expanduser().absolute()
    made = make_demo(place)
    rows = sum(made.data_rows.values())
    complain(f"{made.folder} {'is made' if made.created else 'is there already'}: {rows:,} rows of real data.")
    paths = WorkspacePaths(made.folder)
    by = author_of(author)
    run = asyncio.run(_start(paths, by))
    edit = threading.Thread(target=_leave_an_edit, args=(paths,), name="pending change", daemon=True)
    edit.start()
    if no_open or not (sys.stdin.isatty() and sys.stdout.isatty()):
        from tui.command_line.waiting import conclude

        code = asyncio.run(conclude(paths, run, by, detach=False, as_json=False))
        edit.join()
        return code
    from tui.app import open_app

    code = open_app(paths.folder, run=run.id)
    say(f"The demo stays in {made.folder}: cd there and type runroom.")
    return code


async def _start(paths: WorkspacePaths, author: str) -> Run:
    """The demo's run, or the one that goes on already from an earlier demo."""
    from engine.client.launch import ensure_engine
    from engine.protocol import StartRun
    from store.reads import StoreReader

    async with await ensure_engine(paths.folder) as client:
        run = await client.start_run(StartRun(job=_JOB, author=author))
        if await _mesh_plan(paths) is None:
            options = RunOptions(apply=True)
            await client.start_run(StartRun(environment=_MESH, kind="plan", author=author, options=options))
    if run.collided_with is None:
        return run
    async with StoreReader.open(paths.database) as reader:
        return await reader.run(run.collided_with)


async def _mesh_plan(paths: WorkspacePaths) -> Run | None:
    """The first plan of the SQLMesh project, which makes its production environment."""
    from store.reads import StoreReader

    project, _, environment = _MESH.partition("/")
    wanted = RunFilter(project=project, environment=environment, kinds=frozenset({"plan"}), order="oldest")
    async with StoreReader.open(paths.database) as reader:
        found = await reader.runs(wanted, limit=1)
    return found[0] if found else None


def _leave_an_edit(paths: WorkspacePaths) -> None:
    """Changes the SQLMesh project a little once production was planned from it as it is shipped.

    So there is something to plan for `dev`. It is left for the next time when the app is closed before that.
    """
    from engine.client.workspaces import apply_pending_change

    asyncio.run(_planned(paths))
    apply_pending_change(paths.folder)


async def _planned(paths: WorkspacePaths) -> None:
    """Returns once the plan has read the project's files, or is over."""
    while True:
        plan = await _mesh_plan(paths)
        if plan is not None and (plan.counts.models_total > 0 or not plan.is_active):
            return
        await asyncio.sleep(_LOOK_AGAIN_S)

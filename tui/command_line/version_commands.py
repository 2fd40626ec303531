"""`runroom restore` and `runroom job-from`: what is done with the version of a run."""

import asyncio
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from engine.errors import UsageError
from engine.protocol import PinJob, PinnedJob, Restored, RestorePreview, RestoreRun
from store.models import Run
from store.paths import WorkspacePaths
from tui.command_line.output import say, say_json
from tui.command_line.record import open_record
from tui.command_line.run_reference import find_run
from tui.command_line.shared import AuthorOption, JsonOption, RunArgument, workspace_paths

if TYPE_CHECKING:
    from engine.client.api import EngineClient


def restore(
    context: typer.Context,
    run: RunArgument,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    stash: Annotated[bool, typer.Option("--stash", help="Let git stash uncommitted edits in the way.")] = False,
    undo: Annotated[
        bool, typer.Option("--undo", help="Put back the files that the last restore in the run's project replaced.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would change.")] = False,
    author: AuthorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Put the project's files back as a run saw them, after showing what that changes."""
    from engine.client.workspaces import author as author_of

    wanted = RestoreRun(author=author_of(author), stash=stash, undo=undo)
    asyncio.run(_restore(workspace_paths(context), run, wanted, yes, dry_run, as_json))


async def _restore(
    paths: WorkspacePaths, reference: str, wanted: RestoreRun, yes: bool, dry_run: bool, as_json: bool
) -> None:
    run = await _run(paths, reference)
    if not (yes or dry_run or sys.stdin.isatty()):
        raise UsageError("Restoring changes files, so it asks first; say --yes where nobody can be asked.")
    async with await _engine(paths) as client:
        preview = await client.preview_restore(run.id, wanted)
        if not as_json:
            _show(preview, "before the last restore" if wanted.undo else f"as #{run.id} saw them")
        if preview.uncommitted and not wanted.stash:
            raise UsageError(_in_the_way(preview))
        done: Restored | None = None
        if preview.changes and not dry_run:
            if not yes:
                await asyncio.to_thread(typer.confirm, f"Change the files in {preview.folder}?", abort=True)
            done = await client.restore(run.id, wanted.model_copy(update={"present": preview.present}))
    if as_json:
        say_json({**preview.model_dump(), "restored": done is not None, "stash": done.stash if done else None})
    elif done is not None:
        _say_done(done, run, wanted.undo)


def _show(preview: RestorePreview, files: str) -> None:
    from store.text import plain
    from tui.version_text import restore_lines, restore_summary

    if not preview.changes:
        say(f"The files in {preview.folder} are the same already.")
        return
    say(f"{restore_summary(preview.changes)} in {preview.folder}, {files}:")
    for line in restore_lines(preview.changes):
        say(f"  {line.plain}")
    if preview.difference:
        say("\n" + "\n".join(plain(line) for line in preview.difference.splitlines()) + "\n")


def _in_the_way(preview: RestorePreview) -> str:
    names = ", ".join(preview.uncommitted[:5])
    more = len(preview.uncommitted) - 5
    return (
        f"Uncommitted edits would be replaced: {names}{f' and {more} more' if more > 0 else ''}. "
        "Commit them, or say --stash to have git stash them."
    )


def _say_done(done: Restored, run: Run, undone: bool) -> None:
    if undone:
        say("The files are as they were before the last restore.")
    else:
        say(f'Restored. "runroom restore {run.id} --undo" puts back what was there.')
    if done.stash:
        say(f'The uncommitted edits are stashed as "{done.stash}": git stash pop brings them back.')


def job_from(
    context: typer.Context,
    run: RunArgument,
    name: Annotated[str, typer.Argument(metavar="NAME", help="What the job shall be called.")],
    author: AuthorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Create a job that always runs the version of a run, in runroom.toml."""
    from engine.client.workspaces import author as author_of

    pinned = asyncio.run(_pin(workspace_paths(context), run, PinJob(name=name, author=author_of(author))))
    if as_json:
        say_json(pinned.model_dump())
    else:
        say(f"{pinned.job} is in {pinned.file}; it runs version {pinned.version[:10]}.")


async def _pin(paths: WorkspacePaths, reference: str, wanted: PinJob) -> PinnedJob:
    run = await _run(paths, reference)
    async with await _engine(paths) as client:
        return await client.pin_job(run.id, wanted)


async def _run(paths: WorkspacePaths, reference: str) -> Run:
    async with open_record(paths) as reader:
        return await find_run(reader, reference)


async def _engine(paths: WorkspacePaths) -> "EngineClient":
    from engine.client.launch import ensure_engine

    return await ensure_engine(paths.folder)

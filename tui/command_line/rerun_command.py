"""`runroom rerun`: runs again what a run ran, in one of three ways, after saying what that would do."""

import asyncio
import sys
from typing import Annotated

import typer

from engine.errors import UsageError
from engine.protocol import RerunMode, RerunPreview, RerunRun
from store.models import Run
from store.paths import WorkspacePaths
from tui.command_line.output import say, say_json
from tui.command_line.production import YesOption, demand_yes, is_wanted, of_run
from tui.command_line.shared import AuthorOption, DetachOption, JsonOption, RunArgument, workspace_paths


def rerun(
    context: typer.Context,
    run: RunArgument,
    same_version: Annotated[bool, typer.Option("--same-version", help="With the files that the run saw.")] = False,
    failed: Annotated[bool, typer.Option("--failed", help="Only what failed or was skipped.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would run.")] = False,
    yes: YesOption = False,
    author: AuthorOption = None,
    detach: DetachOption = False,
    as_json: JsonOption = False,
) -> int:
    """Run again what a run ran, and wait for it; Ctrl+C stops the new run."""
    from engine.client.workspaces import author as author_of

    if same_version and failed:
        raise UsageError("--same-version and --failed are two ways to run again; choose one.")
    mode: RerunMode = "same" if same_version else "failed" if failed else "latest"
    by = author_of(author)
    wanted = RerunRun(author=by, mode=mode)
    return asyncio.run(_rerun(workspace_paths(context), run, wanted, dry_run, yes, by, detach, as_json))


async def _rerun(
    paths: WorkspacePaths,
    reference: str,
    wanted: RerunRun,
    dry_run: bool,
    yes: bool,
    by: str,
    detach: bool,
    as_json: bool,
) -> int:
    from engine.client.launch import ensure_engine
    from tui.command_line.record import open_record
    from tui.command_line.run_reference import find_run
    from tui.command_line.waiting import conclude

    async with open_record(paths) as reader:
        former = await find_run(reader, reference)
        production = of_run(await reader.environments(), former)
    if production and not (yes or dry_run):
        demand_yes(f"{former.project}/{former.environment}")
    async with await ensure_engine(paths.folder) as client:
        preview = await client.preview_rerun(former.id, wanted)
        if dry_run or not as_json:
            _show(preview, former, as_json)
        if dry_run:
            return 0
        place = f"{former.project}/{former.environment}"
        question = f"{place} is production. Run #{former.id} again?" if production else f"Run #{former.id} again?"
        if not yes and sys.stdin.isatty() and not await is_wanted(question):
            return 0
        started = await client.rerun(former.id, wanted)
    return await conclude(paths, started, by, detach, as_json)


def _show(preview: RerunPreview, former: Run, as_json: bool) -> None:
    from tui.rerun_text import MODES, foreseen_lines, meaning_of, rerun_facts

    if as_json:
        say_json(preview.model_dump())
        return
    name, meaning = MODES[preview.mode][0], meaning_of(preview.mode, preview)
    say(f"Run #{former.id} {former.name} again in {former.project}/{former.environment}, {name}: {meaning}.")
    for label, text in rerun_facts(preview, all_names=True):
        say(f"  {label:<8}{text.plain}")
    for line in foreseen_lines(preview):
        say(f"  {line.plain}")

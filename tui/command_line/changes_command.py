"""`runroom changes`: what differs from an earlier run to this one."""

import asyncio
from collections.abc import Mapping
from typing import Annotated, Any

import typer

from engine.errors import UsageError
from store.changes import VersionChanges
from store.clock import to_iso
from store.models import Run
from store.paths import WorkspacePaths
from store.reads import StoreReader
from store.run_json import names_of
from tui.command_line.output import complain, say, say_json
from tui.command_line.record import open_record
from tui.command_line.run_reference import find_run
from tui.command_line.shared import JsonOption, RunArgument, workspace_paths

_LAST_GOOD = "last-good"


def changes(
    context: typer.Context,
    run: RunArgument,
    since: Annotated[
        str | None, typer.Option("--since", metavar="RUN", help="An earlier run, or last-good; default: the previous.")
    ] = None,
    diff: Annotated[bool, typer.Option("--diff", help="Show also how the definitions differ.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Show what changed since an earlier run of the same job: models, commits, configuration, packages."""
    paths = workspace_paths(context)
    found, names, changed = asyncio.run(_changes(paths, run, since))
    if changed is None:
        _say_nothing(found, as_json)
    elif as_json:
        say_json(changes_json(found, changed, names))
    else:
        _print(found, changed, names, diff)


async def _changes(
    paths: WorkspacePaths, reference: str, since: str | None
) -> tuple[Run, Mapping[str, str], VersionChanges | None]:
    from engine.client.versions import changes_between

    async with open_record(paths) as reader:
        run = await find_run(reader, reference)
        earlier = await _earlier(reader, run, since)
        names = dict(names_of(await reader.graph(run.id), await reader.models(run.id)))
        if earlier is None:
            return run, names, None
        # A model that is gone has a name in the earlier graph only.
        names = {**names_of(await reader.graph(earlier.id), []), **names}
        return run, names, await changes_between(paths, earlier, run)


async def _earlier(reader: StoreReader, run: Run, since: str | None) -> Run | None:
    """Raises UsageError for a run that is not earlier, or of another project."""
    if since in (None, _LAST_GOOD):
        known = await reader.earlier_run(run.id, good=since is not None)
        return await reader.run(known.id) if known is not None else None
    earlier = await find_run(reader, since or "")
    if earlier.project != run.project or earlier.id >= run.id:
        raise UsageError(f"#{earlier.id} is no earlier run of {run.project}, so nothing changed since.")
    return earlier


def _say_nothing(run: Run, as_json: bool) -> None:
    if as_json:
        say_json({"run": run.id, "since": None, "changes": []})
    else:
        complain(f"There is no earlier run of the same job whose files were recorded, to compare #{run.id} with.")


def changes_json(run: Run, changed: VersionChanges, names: Mapping[str, str]) -> dict[str, Any]:
    """All that differs, as JSON."""
    return {
        "run": run.id,
        "since": changed.run,
        "version": run.version,
        "since_version": changed.version,
        "changes": [
            {
                "model": names.get(each.model, each.model),
                "change": each.change,
                "causes": [names.get(cause, cause) for cause in changed.causes.get(each.model, ())],
                "diff": each.diff,
            }
            for each in changed.models
        ],
        **{
            kind: [
                {"sha": each.sha, "author": each.author, "at": to_iso(each.at), "subject": each.subject}
                for each in commits
            ]
            for kind, commits in (("commits", changed.commits), ("undone", changed.undone))
        },
        "files": [each.model_dump() for each in changed.files],
        "configuration": [each.model_dump() for each in changed.configuration],
        "settings": [each.model_dump() for each in changed.settings],
        "packages": [each.model_dump() for each in changed.packages],
    }


def _print(run: Run, changed: VersionChanges, names: Mapping[str, str], diff: bool) -> None:
    from tui.version_text import change_lines, in_order

    say(f"#{run.id} {run.name} · {run.project}/{run.environment}, since #{changed.run}")
    for line in change_lines(changed, names):
        say(line.plain)
    if changed.is_empty:
        say("Nothing changed.")
    diffs = [*(each.diff for each in in_order(changed.models)), *(each.diff for each in changed.configuration)]
    for text in filter(None, diffs if diff else ()):
        say(f"\n{text}")

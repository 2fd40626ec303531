"""`runroom causes`: why a run is red, and what each cause took down."""

import asyncio
from collections.abc import Iterator

import typer

from store.lineage.causes import Casualty, RootCause, RunCauses, read_causes
from store.lineage.causes_json import causes_json
from store.paths import WorkspacePaths
from store.run_failures import headline
from store.run_record import RunRecord
from store.text import one_line
from tui.command_line.output import say, say_json
from tui.command_line.progress import run_line
from tui.command_line.record import open_record
from tui.command_line.run_reference import find_run
from tui.command_line.shared import JsonOption, RunArgument, workspace_paths

_GLYPHS = {"model": "↷", "audit": "·", "exposure": "→"}


def causes(context: typer.Context, run: RunArgument, as_json: JsonOption = False) -> None:
    """Show the root causes of a run that failed, and what each took down."""
    record, found = asyncio.run(_causes(workspace_paths(context), run))
    if as_json:
        say_json(causes_json(record, found))
        return
    for line in _lines(record, found):
        say(line)


async def _causes(paths: WorkspacePaths, reference: str) -> tuple[RunRecord, RunCauses]:
    async with open_record(paths) as reader:
        return await read_causes(reader, (await find_run(reader, reference)).id)


def _lines(record: RunRecord, found: RunCauses) -> Iterator[str]:
    # The reason is in the sentence of the causes, or in the headline below.
    yield run_line(record.run.model_copy(update={"status_reason": None}))
    if not found.roots:
        told = headline(record)
        yield f"No model and no audit failed{f': {told.what}. {told.why}' if told else ''}".rstrip(" .") + "."
        return
    yield found.sentence()
    for root in found.roots:
        yield ""
        yield from _root_lines(root)


def _root_lines(root: RootCause) -> Iterator[str]:
    what = one_line(root.name) if root.kind == "model" else f"audit {one_line(root.name)}"
    fallen = root.sentence()
    yield f"✗ {what}" + (f"  took down {fallen}" if fallen else "  took nothing down")
    if root.why:
        yield f"  {one_line(root.why)}"
    if root.since is not None:
        yield f"  {root.since.sentence()}"
    yield from (_casualty_line(each) for each in root.took_down)


def _casualty_line(each: Casualty) -> str:
    feeds = f"  feeds {each.downstream:,}" if each.downstream else ""
    kind = "" if each.kind == "model" else f"{each.kind} "
    return f"    {_GLYPHS[each.kind]} {kind}{one_line(each.name)}{feeds}"

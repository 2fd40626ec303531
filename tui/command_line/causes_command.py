"""`runroom causes`: why a run is red, and what each cause took down."""

import asyncio
from collections.abc import Iterator
from typing import Any

import typer

from store.clock import to_iso
from store.paths import WorkspacePaths
from store.text import one_line
from tui.command_line.output import say, say_json
from tui.command_line.progress import run_line
from tui.command_line.record import open_record
from tui.command_line.run_reference import find_run
from tui.command_line.shared import JsonOption, RunArgument, workspace_paths
from tui.formats import counted, date_and_time
from tui.lineage.causes import Casualty, RootCause, RunCauses, find_causes, read_failing_since
from tui.lineage.graph import lineage_of
from tui.run_view.failure import headline
from tui.run_view.record import RunRecord, read_record

_GLYPHS = {"model": "↷", "audit": "·", "exposure": "→"}


def causes(context: typer.Context, run: RunArgument, as_json: JsonOption = False) -> None:
    """Show the root causes of a run that failed, and what each took down."""
    record, found = asyncio.run(_causes(workspace_paths(context), run))
    if as_json:
        say_json(_causes_json(record, found))
        return
    for line in _lines(record, found):
        say(line)


async def _causes(paths: WorkspacePaths, reference: str) -> tuple[RunRecord, RunCauses]:
    async with open_record(paths) as reader:
        record = await read_record(reader, (await find_run(reader, reference)).id)
        graph = lineage_of(await reader.graph(record.run.id), record.models.values())
        return record, find_causes(record, graph, await read_failing_since(reader, record))


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
        yield f"  {_since(root)}"
    yield from (_casualty_line(each) for each in root.took_down)


def _since(root: RootCause) -> str:
    assert root.since is not None
    since = root.since
    good = f"; it last went well in #{since.last_good}" if since.last_good else "; it never went well here before"
    return f"fails since #{since.run_id} ({date_and_time(since.at)}), in {counted(since.runs, 'run')}{good}"


def _casualty_line(each: Casualty) -> str:
    feeds = f"  feeds {each.downstream:,}" if each.downstream else ""
    kind = "" if each.kind == "model" else f"{each.kind} "
    return f"    {_GLYPHS[each.kind]} {kind}{one_line(each.name)}{feeds}"


def _causes_json(record: RunRecord, found: RunCauses) -> dict[str, Any]:
    return {
        "run": record.run.id,
        "status": record.run.status.value,
        "sentence": found.sentence(),
        "skipped": len(found.skipped),
        "audits": len(found.audits),
        "exposures": len(found.exposures),
        "roots": [_root_json(root) for root in found.roots],
    }


def _root_json(root: RootCause) -> dict[str, Any]:
    since = root.since
    return {
        "kind": root.kind,
        "name": root.name,
        "unique_name": root.node,
        "model": root.model,
        "error": root.error,
        "why": root.why,
        "downstream": root.downstream,
        "failing_since": None
        if since is None
        else {"run": since.run_id, "at": to_iso(since.at), "runs": since.runs, "last_good": since.last_good},
        "skipped": [_casualty_json(each) for each in root.skipped],
        "audits": [_casualty_json(each) for each in root.audits],
        "exposures": [_casualty_json(each) for each in root.exposures],
    }


def _casualty_json(each: Casualty) -> dict[str, Any]:
    return {
        "name": each.name,
        "unique_name": each.node,
        "distance": each.distance,
        "downstream": each.downstream,
    }

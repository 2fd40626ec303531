"""`runroom compare`: two to four runs side by side."""

import asyncio
from typing import Annotated

import typer

from store.clock import system_clock
from store.comparison.compared import Comparison
from store.comparison.comparison_json import comparison_json
from store.comparison.reading import read_comparison
from store.comparison.redefinitions import tell_formatting
from store.lineage.reading import Reading
from store.lineage.sql_process import SqlHere
from store.paths import WorkspacePaths
from tui.command_line.output import say, say_json, say_table
from tui.command_line.record import open_record
from tui.command_line.run_reference import find_run
from tui.command_line.shared import JsonOption, workspace_paths
from tui.comparison_text import card_rows, cell_text, origin, summary


def compare(
    context: typer.Context,
    runs: Annotated[list[str], typer.Argument(metavar="RUN RUN …", help="Two to four of 123, #123, latest:JOB.")],
    everything: Annotated[bool, typer.Option("--all", help="Also the models and audits that do not differ.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Compare two to four runs: their figures, and what differs in their models and audits."""
    found = asyncio.run(_read(workspace_paths(context), runs))
    if as_json:
        say_json(comparison_json(found, system_clock()))
    else:
        _say(found, everything)


async def _read(paths: WorkspacePaths, references: list[str]) -> Comparison:
    async with open_record(paths) as reader:
        run_ids = [(await find_run(reader, reference)).id for reference in references]
        found = await read_comparison(reader, paths, run_ids, system_clock())
        return await tell_formatting(Reading(paths, reader, SqlHere()), found)


def _say(found: Comparison, everything: bool) -> None:
    heads = ["", *(f"#{card.run.id}" for card in found.cards)]
    if shared := origin(found.cards):
        say(f"{shared}\n")
    cards = card_rows(found.cards, system_clock())
    say_table(heads, [[label, *(cell.plain for cell in cells)] for label, cells in cards])
    say("")
    say(summary(found))
    rows = [row for row in found.rows if everything or row.differs]
    if rows:
        say("")
        say_table(heads, [[row.name, *(cell_text(cell).plain for cell in row.cells)] for row in rows])

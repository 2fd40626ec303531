"""What a command does with a run that it has started: wait and show progress, or only name it."""

from store.clock import system_clock
from store.models import Run
from store.paths import WorkspacePaths
from store.reads import StoreReader
from store.run_json import whole_run
from tui.command_line.following import LeftAlone, Waiting
from tui.command_line.output import complain, say, say_json
from tui.command_line.progress import Look, Progress, exit_code, run_line

_CANCELLED = 130


async def conclude(paths: WorkspacePaths, run: Run, author: str, detach: bool, as_json: bool) -> int:
    """Waits for the run unless `detach`, prints progress or, with `as_json`, the run; returns the exit code."""
    if detach:
        await _print_started(paths, run, as_json)
        return 0
    progress = Progress()

    def see(look: Look) -> None:
        if not as_json:
            for line in progress.lines(look):
                say(line)

    try:
        ended = await Waiting(paths, run.id, author, see).end()
    except LeftAlone:
        complain(f"#{run.id} is left to itself.")
        return _CANCELLED
    if as_json:
        await print_run(paths, run.id)
    return exit_code(ended)


async def _print_started(paths: WorkspacePaths, run: Run, as_json: bool) -> None:
    if as_json:
        await print_run(paths, run.id)
    else:
        say(run_line(run))


async def print_run(paths: WorkspacePaths, run_id: int) -> None:
    """Prints all that is recorded of a run as one JSON object. Raises RunNotFound."""
    async with StoreReader.open(paths.database) as reader:
        say_json(await whole_run(reader, paths, run_id, system_clock()))

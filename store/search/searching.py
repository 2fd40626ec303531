"""Searches the logs of many runs: hits as they are found, grouped by run, step and model; no screen needed.

All reading happens in threads, a piece of a log at a time, so that whoever stops listening has stopped the search.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from dataclasses import dataclass
from pathlib import Path

from store.logs.log_file import FileUnreadable, LogFile
from store.logs.matching import Matcher
from store.logs.step_logs import log_files, step_name
from store.models import Run
from store.paths import RunPaths, WorkspacePaths
from store.readers import Reads
from store.search.looking import FoundLine, Piece, look
from store.search.scope import SearchScope, count_runs, runs_in


@dataclass(frozen=True, slots=True)
class Found:
    """Lines of one step of a run that match, all about the same model (None: about none).

    `lines` counts them; of these, `shown` are the ones that were kept. `log` is relative to the run's folder.
    """

    run: Run
    log: str
    model: str | None
    lines: int
    shown: tuple[FoundLine, ...]

    @property
    def step(self) -> str:
        """The step whose log it is."""
        return step_name(Path(self.log))


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the search is: runs that are done, bytes looked through, and the part of all of it, 0 to 1."""

    runs: int
    bytes: int
    part: float


@dataclass(frozen=True, slots=True)
class Unread:
    """A log that could not be read, and why; the search goes on."""

    run: Run
    sentence: str


SearchEvent = Found | Progress | Unread


async def search(
    reads: Reads, paths: WorkspacePaths, scope: SearchScope, wanted: Matcher, most: int | None = None
) -> AsyncGenerator[SearchEvent, None]:
    """Everything that matches, the newest run first, with the progress in between and at the end.

    Of each model in a step at most `most` lines are kept, the others only counted. Raises StoreError.
    """
    total = await count_runs(reads, scope)
    done, searched = 0, 0
    async with aclosing(runs_in(reads, scope)) as runs:
        async for run in runs:
            async with aclosing(_search_run(run, paths.run(run.id), wanted, most)) as found:
                async for event in found:
                    if isinstance(event, _Searched):
                        searched += event.bytes
                        yield Progress(done, searched, min(1.0, (done + event.part) / max(1, total)))
                    else:
                        yield event
            done += 1
            yield Progress(done, searched, min(1.0, done / max(1, total)))


@dataclass(frozen=True, slots=True)
class _Searched:
    """So many bytes more of a run, and the part of it that is done."""

    bytes: int
    part: float


async def _search_run(
    run: Run, files: RunPaths, wanted: Matcher, most: int | None
) -> AsyncGenerator[Found | Unread | _Searched, None]:
    logs = await asyncio.to_thread(_sizes, files.logs)
    total, searched = sum(size for _, size in logs), 0
    for path, _ in logs:
        kept: Counter[str | None] = Counter()
        log, start = LogFile(path), 0
        try:
            while (piece := await asyncio.to_thread(_next_piece, log, wanted, start, most, kept)) is not None:
                for found in _grouped(run, str(path.relative_to(files.folder)), piece):
                    yield found
                searched += piece.stop - start
                yield _Searched(piece.stop - start, min(1.0, searched / max(1, total)))
                start = piece.stop
        except FileUnreadable as error:
            yield Unread(run, str(error))
        finally:
            log.close()


def _sizes(folder: Path) -> list[tuple[Path, int]]:
    """The logs of a run with their sizes in bytes; one that is deleted meanwhile is none."""
    found = []
    for path in log_files(folder):
        with suppress(FileNotFoundError):
            found.append((path, path.stat().st_size))
    return found


def _next_piece(log: LogFile, wanted: Matcher, start: int, most: int | None, kept: Counter[str | None]) -> Piece | None:
    """None at the end of what the file held when its reading began: one that grows would have no end."""
    if start == 0 and log.refresh() is None:
        return None
    return look(log, wanted, start, most, kept) if start < log.size else None


def _grouped(run: Run, log: str, piece: Piece) -> list[Found]:
    shown: dict[str | None, list[FoundLine]] = {model: [] for model in piece.counts}
    for line in piece.lines:
        shown[line.model].append(line)
    return [Found(run, log, model, piece.counts[model], tuple(lines)) for model, lines in shown.items()]

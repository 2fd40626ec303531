"""The lines of logs, told as they are found: those of one run, or wherever a pattern is."""

import asyncio
import json
import re
import time
from collections.abc import AsyncGenerator, AsyncIterator, Iterable, Iterator
from contextlib import aclosing
from dataclasses import replace
from itertools import islice
from pathlib import Path

from engine.api.reading.questions import LinesQuestion, SearchQuestion
from engine.api.reading.record import Record
from store.filters import runs_of_job
from store.logs.log_lines import LogFilter, LogLine, log_line_json
from store.logs.matching import BadPattern, matcher
from store.logs.step_logs import LogsTail, log_files, logs_of_step, sieved, step_name
from store.readers import reads_of
from store.search.scope import SearchScope
from store.search.search_json import GrowingJson
from store.search.searching import Found, Progress, SearchEvent, Unread, search

# After this a search ends with what it has found, and says that there may be more.
_SEARCH_LIMIT_S = 90.0
_LINES_AT_ONCE = 500
_LOOK_S = 0.3


def search_pieces(record: Record, question: SearchQuestion) -> AsyncIterator[bytes]:
    """One JSON object, as `runroom search --json` prints it. Raises BadPattern."""
    scope = SearchScope(question.run, runs_of_job(question.job), question.last)
    wanted = matcher(question.pattern, regex=question.regex)
    return _told(search(reads_of(record.paths), record.paths, scope, wanted), question.limit)


async def _told(events: AsyncGenerator[SearchEvent, None], limit: int) -> AsyncIterator[bytes]:
    growing, progress, left = GrowingJson(), Progress(0, 0, 0.0), limit
    until, complete = time.monotonic() + _SEARCH_LIMIT_S, True
    async with aclosing(events):
        async for event in events:
            match event:
                case Found():
                    complete = len(event.shown) <= left
                    yield growing.found(replace(event, shown=event.shown[:left])).encode()
                    left -= len(event.shown)
                case Unread():
                    growing.unread(event)
                case Progress():
                    progress = event
                    complete = event.part >= 1 or time.monotonic() < until
            if not complete:
                break
    yield growing.end(progress, complete).encode()


def line_pieces(record: Record, question: LinesQuestion) -> AsyncIterator[bytes]:
    """The lines as `runroom logs` prints them, with or without `--json`. Raises NoSuchLog, BadPattern."""
    folder = record.paths.run(question.run).logs
    wanted = LogFilter(question.model, question.level, _expression(question.grep))
    if question.follow:
        return _followed(record, question.run, LogsTail(folder, question.step, wanted))
    lines = sieved(logs_of_step(log_files(folder), question.step), wanted)
    return _texts(islice(lines, question.limit)) if question.as_text else _objects(lines, question.limit)


def _expression(text: str | None) -> re.Pattern[str] | None:
    try:
        return None if text is None else re.compile(text)
    except re.error as error:
        raise BadPattern(f"{text} is no regular expression: {error}.") from error


async def _objects(found: Iterator[tuple[Path, LogLine]], limit: int | None) -> AsyncIterator[bytes]:
    lines = (json.dumps(log_line_json(step_name(log), line)) for log, line in found)
    chosen, before = islice(lines, limit), '{"lines": [\n'
    while some := list(islice(chosen, _LINES_AT_ONCE)):
        yield (before + ",\n".join(some)).encode()
        before = ",\n"
    begun = "" if before.startswith(",") else before
    yield f'{begun}\n], "complete": {json.dumps(next(lines, None) is None)}}}\n'.encode()


async def _texts(found: Iterator[tuple[Path, LogLine]]) -> AsyncIterator[bytes]:
    while some := list(islice(found, _LINES_AT_ONCE)):
        yield _text(line for _, line in some)


async def _followed(record: Record, run_id: int, tail: LogsTail) -> AsyncIterator[bytes]:
    while True:
        # Asked before the logs are read: what was written up to the end is in them then.
        over = not (await record.reader.run(run_id)).is_active
        lines = tail.new_lines(complete=over)
        while some := list(islice(lines, _LINES_AT_ONCE)):
            yield _text(some)
        if over:
            return
        await asyncio.sleep(_LOOK_S)


def _text(lines: Iterable[LogLine]) -> bytes:
    return "".join(f"{line.raw}\n" for line in lines).encode("utf-8", "replace")

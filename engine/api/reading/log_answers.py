"""The lines of logs, told as they are found: those of one run, or wherever a pattern is."""

import json
import re
import time
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from dataclasses import replace
from itertools import islice

from engine.api.reading.questions import LinesQuestion, SearchQuestion
from store.filters import runs_of_job
from store.logs.log_lines import LogFilter, log_line_json
from store.logs.matching import BadPattern, matcher
from store.logs.step_logs import log_files, logs_of_step, sieved, step_name
from store.paths import WorkspacePaths
from store.readers import reads_of
from store.search.scope import SearchScope
from store.search.search_json import GrowingJson
from store.search.searching import Found, Progress, SearchEvent, Unread, search

SEARCH_LIMIT_S = 90.0
"""After this a search ends with what it has found, and says that there may be more."""

_LINES_AT_ONCE = 500


def search_pieces(paths: WorkspacePaths, question: SearchQuestion) -> AsyncIterator[bytes]:
    """One JSON object, as `runroom search --json` prints it. Raises BadPattern."""
    scope = SearchScope(question.run, runs_of_job(question.job), question.last)
    wanted = matcher(question.pattern, regex=question.regex)
    return _told(search(reads_of(paths), paths, scope, wanted), question.limit)


async def _told(events: AsyncGenerator[SearchEvent, None], limit: int) -> AsyncIterator[bytes]:
    growing, progress, left = GrowingJson(), Progress(0, 0, 0.0), limit
    until, complete = time.monotonic() + SEARCH_LIMIT_S, True
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


def line_pieces(paths: WorkspacePaths, question: LinesQuestion) -> AsyncIterator[bytes]:
    """One JSON object with the lines as `runroom logs --json` prints them. Raises NoSuchLog, BadPattern."""
    logs = logs_of_step(log_files(paths.run(question.run).logs), question.step)
    try:
        pattern = None if question.grep is None else re.compile(question.grep)
    except re.error as error:
        raise BadPattern(f"{question.grep} is no regular expression: {error}.") from error
    found = sieved(logs, LogFilter(question.model, question.level, pattern))
    lines = (json.dumps(log_line_json(step_name(log), line)) for log, line in found)

    async def pieces() -> AsyncIterator[bytes]:
        before, left = '{"lines": [\n', question.limit
        while some := list(islice(lines, min(left, _LINES_AT_ONCE))):
            yield (before + ",\n".join(some)).encode()
            before, left = ",\n", left - len(some)
        begun = "" if left < question.limit else before
        yield f'{begun}\n], "complete": {json.dumps(next(lines, None) is None)}}}\n'.encode()

    return pieces()

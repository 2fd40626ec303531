"""Has questions about SQL answered in a process of its own: sqlglot is too slow to share one with a screen."""

import asyncio
import hashlib
import subprocess
import sys
import threading
from collections import OrderedDict
from dataclasses import dataclass, field

from store.lineage.sql_columns import QueryColumns
from store.lineage.sql_requests import (
    ANSWER,
    Columns,
    ColumnsRequest,
    Compared,
    CompareRequest,
    SqlProblem,
    answer,
)
from store.sql_difference import SqlDifference

_ANSWERS_KEPT = 2_000
_LIMIT_S = 30.0


class SqlProcess:
    """Implements SqlKnowledge. The process starts with the first question and ends with `close`, or with the app.

    Answers are kept by what was asked: a definition that did not change is not taken apart again. One question is
    worked on at a time; one that takes longer than `limit_s` seconds is given up, with the process.
    """

    def __init__(self, limit_s: float = _LIMIT_S) -> None:
        self._limit_s = limit_s
        self._process: subprocess.Popen[bytes] | None = None
        self._one_at_a_time = threading.Lock()
        self._answers: OrderedDict[bytes, Compared | Columns] = OrderedDict()

    async def difference(self, before: str, after: str, dialect: str | None) -> SqlDifference:
        """Whether two texts say the same. Raises SqlProblem."""
        if before == after:
            return "same"
        told = await asyncio.to_thread(self._ask, CompareRequest(before=before, after=after, dialect=dialect))
        assert isinstance(told, Compared)
        return told.difference

    async def columns(self, request: ColumnsRequest) -> QueryColumns:
        """The columns of a query. Raises SqlProblem."""
        told = await asyncio.to_thread(self._ask, request)
        assert isinstance(told, Columns)
        return told.columns

    def close(self) -> None:
        """Ends the process; a later question starts another one. Does not wait for an answer under way."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    pipe.close()

    def _ask(self, request: CompareRequest | ColumnsRequest) -> Compared | Columns:
        line = request.model_dump_json().encode()
        key = hashlib.sha256(line).digest()
        with self._one_at_a_time:
            if key in self._answers:
                self._answers.move_to_end(key)
                return self._answers[key]
            told = ANSWER.validate_json(self._exchange(line))
            self._answers[key] = told
            if len(self._answers) > _ANSWERS_KEPT:
                self._answers.popitem(last=False)
        return told

    def _exchange(self, line: bytes) -> bytes:
        process = self._running()
        assert process.stdin is not None
        assert process.stdout is not None
        timer = threading.Timer(self._limit_s, process.kill)
        timer.start()
        try:
            process.stdin.write(line + b"\n")
            process.stdin.flush()
            told = process.stdout.readline()
        except (OSError, ValueError):
            told = b""
        finally:
            timer.cancel()
        if not told.endswith(b"\n"):
            self.close()
            raise SqlProblem("This SQL could not be taken apart: it is too large, or sqlglot broke on it.")
        return told

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self.close()
            self._process = subprocess.Popen(
                # -P: the folder that the app was started in has no say in what is imported.
                [sys.executable, "-P", "-m", "store.lineage.sql_worker"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        return self._process


@dataclass
class SqlHere:
    """Implements SqlKnowledge in this very process, for a command that shows no screen."""

    _answers: dict[str, Compared | Columns] = field(default_factory=dict)

    async def difference(self, before: str, after: str, dialect: str | None) -> SqlDifference:
        """Whether two texts say the same."""
        told = await asyncio.to_thread(answer, CompareRequest(before=before, after=after, dialect=dialect))
        assert isinstance(told, Compared)
        return told.difference

    async def columns(self, request: ColumnsRequest) -> QueryColumns:
        """The columns of a query."""
        key = request.model_dump_json()
        if key not in self._answers:
            self._answers[key] = await asyncio.to_thread(answer, request)
        told = self._answers[key]
        assert isinstance(told, Columns)
        return told.columns

"""`python -I -m engine.api.reading`: answers the one question that comes in, and ends.

A process of its own, so that neither a regular expression that never ends nor SQL or a manifest of any size can hold
up the engine. Whoever asked may end it at any time; it gives itself up when it has worked for too long.
"""

import asyncio
import os
import resource
import sys
from contextlib import AsyncExitStack

from engine.api.reading.answers import Answer, answer
from engine.api.reading.questions import Asked, Message, Refused
from engine.api.reading.record import Record
from engine.errors import RunroomError, UsageError
from store.comparison.reading import NotComparable
from store.errors import NotInRecord, StoreError
from store.logs.matching import BadPattern
from store.paths import WorkspacePaths
from store.reads import StoreReader

_LIMIT_S = 120
_NICENESS = 5


async def _reply(asked: Asked) -> None:
    paths = WorkspacePaths(asked.workspace)
    async with AsyncExitStack() as stack:
        try:
            reader = await stack.enter_async_context(StoreReader.open(paths.database))
            told = await answer(Record(paths, reader, asked.now), asked.question)
        except (BadPattern, NotComparable, UsageError) as error:
            _say(Refused(why="wrong", sentence=str(error)))
        except NotInRecord as error:
            _say(Refused(why="not_there", sentence=str(error)))
        except (StoreError, RunroomError) as error:
            _say(Refused(why="broken", sentence=str(error)))
        else:
            await _tell(told)


async def _tell(told: Answer) -> None:
    begun, pieces = told
    _say(begun)
    async for piece in pieces:
        sys.stdout.buffer.write(piece)
        sys.stdout.buffer.flush()


def _say(head: Message) -> None:
    sys.stdout.buffer.write(head.model_dump_json().encode() + b"\n")
    sys.stdout.buffer.flush()


def _be_modest() -> None:
    """Runs come first; and nobody needs an answer that took minutes to work out."""
    os.nice(_NICENESS)
    resource.setrlimit(resource.RLIMIT_CPU, (_LIMIT_S, _LIMIT_S))


if __name__ == "__main__":
    _be_modest()
    asyncio.run(_reply(Asked.model_validate_json(sys.stdin.buffer.read())))

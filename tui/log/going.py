"""Goes to the places of a log that people name, which may take counting its lines first."""

import asyncio
from datetime import tzinfo

from store.logs.log_file import Log
from tui.log.numbers import LineNumbers
from tui.log.places import FromEnd, FromStart, LineNumber, Place, Share
from tui.log.times import first_time, last_time, offset_at


class NoTimes(Exception):
    """A time was named, and no line of the log has one. Says so."""


class Going:
    """The place that one view of a log is on its way to, if any."""

    def __init__(self) -> None:
        self._wanted: tuple[Place, tzinfo | None] | None = None

    @property
    def is_on(self) -> bool:
        """Whether there is such a place."""
        return self._wanted is not None

    def begin(self, place: Place, zone: tzinfo | None) -> None:
        """Look for this place; `zone` is that of its times."""
        self._wanted = (place, zone)

    def stop(self) -> None:
        """It is not wanted any more."""
        self._wanted = None

    async def step(self, log: Log, numbers: LineNumbers) -> int | None:
        """Look for it, or count a little further: where its line begins, once it is found.

        Raises NoTimes and FileUnreadable.
        """
        assert self._wanted is not None
        place, zone = wanted = self._wanted
        found = await asyncio.to_thread(find_place, log, place, zone, numbers)
        if wanted is not self._wanted:
            return None
        if found is None and isinstance(place, LineNumber):
            await numbers.step(log)
            return None
        self._wanted = None
        if found is None:
            raise NoTimes("no line of this log says when it was written")
        return found


def find_place(log: Log, place: Place, zone: tzinfo | None, numbers: LineNumbers) -> int | None:
    """Where the line begins that is meant, the last one where there is none behind.

    None for a line that was not counted so far, and for times in a log without them.
    """
    if isinstance(place, LineNumber):
        return numbers.offset_of(log, place.number)
    if isinstance(place, Share):
        return log.line_start(max(0, min(int(log.size * place.part), log.size - 1)))
    first = first_time(log)
    if first is None:
        return None
    if isinstance(place, FromEnd):
        moment = (last_time(log) or first) - place.distance
    elif isinstance(place, FromStart):
        moment = first + place.distance
    else:
        moment = place.moment(first, zone)
    offset = offset_at(log, moment)
    return offset if offset < log.size else log.line_start(max(0, log.size - 1))

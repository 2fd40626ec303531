"""Finds the places of a log that people name. Reads from the disk: to be called from a thread."""

from datetime import tzinfo

from store.logs.log_file import Log
from tui.log.numbers import LineNumbers
from tui.log.places import FromEnd, FromStart, LineNumber, Place, Share
from tui.log.times import first_time, last_time, offset_at


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

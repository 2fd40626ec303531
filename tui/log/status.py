"""What a status line says about a log."""

from dataclasses import dataclass

from rich.text import Text

from store.wording import byte_size, counted
from tui.text import cut, plain

_GAP = "   "


@dataclass(frozen=True, slots=True)
class LogStatus:
    """How the view of a log stands."""

    size: int
    """Bytes."""
    position: float
    """How much of the file is above the end of the view, 0 to 1."""
    following: bool
    """Whether the view stays at the end of a log that may grow."""
    new_lines: int
    """Lines that came since following let go."""
    pattern: str | None
    matches: int
    """Lines that match, as far as the file was searched."""
    searched: float
    """How much of the file was searched, 0 to 1."""
    seeking: bool
    """Whether a next match is being looked for."""
    not_found: bool
    """Whether the last one that was looked for does not exist."""
    errors: int = 0
    """Lines that are errors, as far as they were counted."""
    message: str = ""
    """What was not possible, or is not done yet."""


def status_text(status: LogStatus, modes: str, width: int) -> Text:
    """Where one is in the log, what came meanwhile, how the search stands, and what of the log is shown."""
    place = "following" if status.following else f"{status.position:.0%}"
    parts = [f"{place} of {byte_size(status.size)}" if not status.following else f"{place}, {byte_size(status.size)}"]
    if status.new_lines:
        parts.append(f"+{status.new_lines:,} new, F follows")
    if status.message:
        parts.append(status.message)
    if status.pattern is not None:
        parts.append(search_text(status))
    if modes:
        parts.append(modes)
    return Text(cut(_GAP.join(parts), width), end="", no_wrap=True)


def search_text(status: LogStatus) -> str:
    """How many lines match, and how far the search has come."""
    count = f"{counted(status.matches, 'line')} with /{plain(status.pattern or '')}"
    if status.searched < 1:
        return f"{count}, {status.searched:.0%} searched"
    return f"{count}, no other" if status.not_found and status.matches else count

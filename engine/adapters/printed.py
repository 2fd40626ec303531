"""The level of what a process prints without saying one."""

from engine.adapters.base import LogLevel

_BEGINS = "Traceback (most recent call last):"


class PrintedLines:
    """Tells the lines of a Python traceback, which are errors, from all others. Wants every line, in order."""

    def __init__(self) -> None:
        self._inside = False

    def level(self, line: str) -> LogLevel:
        """The level of the next line; the exception itself, the first that is not indented, ends a traceback."""
        if line.strip() == _BEGINS:
            self._inside = True
            return "ERROR"
        was_inside = self._inside
        self._inside = was_inside and (not line or line[0].isspace())
        return "ERROR" if was_inside else "INFO"

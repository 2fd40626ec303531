"""Stretches of time as people write them: `30s`, `90m`, `2h`, `1h30m`, `1d`."""

import re
from datetime import datetime, timedelta

_UNITS = {"d": 86_400, "h": 3_600, "m": 60, "s": 1}
_DURATION = re.compile(r"(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?")


def parse_duration(text: str) -> float:
    """The seconds that `text` means. Raises ValueError with a sentence for the user."""
    match = _DURATION.fullmatch(text.strip())
    parts = match.groups() if match else ()
    seconds = sum(int(part) * size for part, size in zip(parts, _UNITS.values(), strict=False) if part)
    if seconds <= 0:
        raise ValueError(f'"{text}" is not a length of time; write it like "30s", "90m", "2h" or "1h30m"')
    return float(seconds)


def moment_ago(text: str, now: datetime) -> datetime:
    """When it was `text` ago. Raises ValueError with a sentence for the user."""
    try:
        return now - timedelta(seconds=parse_duration(text))
    except OverflowError as error:
        raise ValueError(f'"{text}" ago is before the first date that there is') from error

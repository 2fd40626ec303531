"""A small chart of how long a model took in its last runs."""

from collections.abc import Sequence

from rich.text import Text

from store import wording
from store.history import PastExecution
from store.status import ModelStatus
from tui import formats

ROWS = 3
_EIGHTHS = " ▁▂▃▄▅▆▇█"
_MISSING = {ModelStatus.SKIPPED, ModelStatus.CANCELLED}


def duration_chart(past: Sequence[PastExecution]) -> list[Text]:
    """A bar an execution, the oldest first; of one that took no time only its glyph. The scale stands at the right."""
    longest = max((each.duration_s or 0.0 for each in past), default=0.0)
    rows = [_row(past, longest, row) for row in range(ROWS)]
    rows[0].append(f"  {wording.duration(longest)}", formats.MUTED)
    rows[-1].append("  0s", formats.MUTED)
    return rows


def _row(past: Sequence[PastExecution], longest: float, row: int) -> Text:
    text = Text()
    for each in past:
        look = formats.status_look(each.status)
        is_lowest = row == ROWS - 1
        if each.status in _MISSING or not longest or each.duration_s is None:
            text.append(look.glyph if is_lowest else " ", look.style)
            continue
        full = max(1, round(each.duration_s / longest * ROWS * 8))
        level = min(max(full - 8 * (ROWS - 1 - row), 0), 8)
        style = look.style if each.status is not ModelStatus.SUCCEEDED else formats.LIVE
        text.append(_EIGHTHS[level], style)
    return text

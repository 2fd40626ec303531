"""The intervals that a stopped run left half-written. Values in, text out."""

from collections.abc import Sequence

from rich.text import Text

from store.events import Interval
from store.models import InterruptedInterval
from store.run_record import RunRecord
from store.text import one_line
from store.wording import counted
from tui import formats
from tui.intervals import spans_text

_MOST_MODELS = 3
_MOST_SPANS = 3


def unrepaired(record: RunRecord) -> list[InterruptedInterval]:
    """Those that still count as loaded though they are not."""
    return [each for each in record.interrupted if each.repaired_by is None]


def torn_lines(record: RunRecord) -> list[Text]:
    """What stands in front of a run that left some: which models and intervals, and what to do; empty without any."""
    if not record.interrupted:
        return []
    broken = unrepaired(record)
    if not broken:
        return [formats.styled(f"✓ {_count(record.interrupted)}, {_repairs(record)}", formats.GOOD)]
    head = f"▲ {_count(broken)} {'counts' if len(broken) == 1 else 'count'} as loaded: rows may be missing"
    text = formats.styled(head, f"bold {formats.WARNING}")
    tail = Text.assemble(("  m", "bold"), " marks them as missing and loads them again")
    if len(broken) < len(record.interrupted):
        tail.append(f"   {len(record.interrupted) - len(broken)} more were {_repairs(record)}", formats.MUTED)
    return [text, *model_lines(record, broken, _MOST_MODELS), tail]


def model_lines(record: RunRecord, broken: Sequence[InterruptedInterval], most: int) -> list[Text]:
    """One line a model with its stretches of time."""
    by_model: dict[str, list[Interval]] = {}
    for each in broken:
        by_model.setdefault(each.model, []).append(Interval(start=each.start, end=each.end))
    lines = [
        Text(f"  {one_line(record.name_of(model))}  ").append(spans_text(spans, _MOST_SPANS))
        for model, spans in list(by_model.items())[:most]
    ]
    more = len(by_model) - most
    return [*lines, Text(f"  and {counted(more, 'model')} more", formats.MUTED)] if more > 0 else lines


def _count(broken: Sequence[InterruptedInterval]) -> str:
    return counted(len(broken), "half-written interval")


def _repairs(record: RunRecord) -> str:
    runs = sorted({each.repaired_by for each in record.interrupted if each.repaired_by is not None})
    return "repaired by " + ", ".join(f"#{run}" for run in runs)

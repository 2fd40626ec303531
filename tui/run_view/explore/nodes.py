"""How a node of the lineage graph is shown: its name, how it stands in this run, how long it took."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from store import wording
from store.events import ModelChange
from store.lineage.causes import RunCauses
from store.lineage.graph import EXPOSURE, Lineage
from store.run_record import RunRecord
from store.status import ModelStatus
from store.text import one_line
from tui import formats
from tui.run_view.models import elapsed_s

_SOURCE_KINDS = frozenset({"source", "external"})
_NOT_ASKED_FOR = "not in this run"


@dataclass(frozen=True, slots=True)
class NodeLook:
    """What a box says. `style` is that of glyph and word; `is_bad` is true for what failed or could not be built."""

    name: str
    glyph: str
    word: str
    style: str
    took: str = ""
    is_bad: bool = False


def shown_name(lineage: Lineage, node: str) -> str:
    """The name of a node on one line, whatever the tool put into it."""
    return one_line(lineage.name_of(node))


@dataclass(frozen=True, slots=True)
class Trouble:
    """What a node's own execution does not tell.

    `stale` are exposures that show what was before this run, `audited` models on which a blocking audit failed;
    `changes` says how models differ from the version before, for those that are only planned.
    """

    stale: frozenset[str] = frozenset()
    audited: frozenset[str] = frozenset()
    changes: Mapping[str, str] = field(default_factory=dict)


def trouble_of(causes: RunCauses, changes: Iterable[ModelChange] = ()) -> Trouble:
    """What the root causes and the changes of a run say of its nodes."""
    audited = (root.model for root in causes.roots if root.kind == "audit")
    return Trouble(
        causes.exposures,
        frozenset(model for model in audited if model is not None),
        {each.model: each.change for each in changes},
    )


def look_of(record: RunRecord, lineage: Lineage, node: str, trouble: Trouble, now: datetime) -> NodeLook:
    """How a node stands at this moment."""
    name = shown_name(lineage, node)
    model = record.models.get(node)
    if model is not None:
        if model.status is ModelStatus.SUCCEEDED and node in trouble.audited:
            return NodeLook(name, "✗", "audit failed", formats.BAD, wording.duration(model.duration_s), is_bad=True)
        look = formats.status_look(model.status)
        seconds = elapsed_s(model, now)
        running = model.status is ModelStatus.RUNNING
        took = "" if seconds is None else wording.whole_duration(seconds) if running else wording.duration(seconds)
        return NodeLook(name, look.glyph, look.word, look.style, took, model.status in BAD_STATUSES)
    kind = lineage.nodes[node].kind if node in lineage.nodes else "model"
    if kind in _SOURCE_KINDS:
        return NodeLook(name, "◆", one_line(kind), formats.MUTED)
    if kind == EXPOSURE:
        if node in trouble.stale:
            return NodeLook(name, "▲", "stale exposure", formats.WARNING)
        return NodeLook(name, "◇", one_line(kind), formats.MUTED)
    if (change := trouble.changes.get(node)) is not None:
        return NodeLook(name, "+" if change == "added" else "~", one_line(change.replace("_", " ")), formats.WARNING)
    return NodeLook(name, "·", _NOT_ASKED_FOR, formats.MUTED)


BAD_STATUSES = frozenset({ModelStatus.FAILED, ModelStatus.SKIPPED, ModelStatus.CANCELLED})
"""How a model ends that was not built as it should have been."""

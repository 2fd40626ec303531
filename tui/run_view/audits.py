"""The list of audits: which rows, in which order, with which cells. Values in, cells out."""

from collections import Counter
from collections.abc import Container, Iterable
from typing import Literal

from rich.text import Text

from store import wording
from store.audit_text import distinction
from store.error_text import error_line
from store.models import Audit
from store.run_record import RunRecord
from store.status import AuditStatus
from store.text import one_line
from tui import formats

Order = Literal["status", "model", "duration", "name"]
ORDERS: tuple[Order, ...] = ("status", "model", "duration", "name")

_RANK = {
    status: rank
    for rank, status in enumerate(
        (AuditStatus.ERROR, AuditStatus.FAILED, AuditStatus.WARNED, AuditStatus.SKIPPED, AuditStatus.PASSED)
    )
}


def arranged(audits: Iterable[Audit], order: Order, record: RunRecord) -> list[Audit]:
    """The audits in the order asked for; `status` has the blocking failures first."""
    match order:
        case "status":
            return sorted(audits, key=lambda audit: (_RANK[audit.status], not audit.blocking, audit.name))
        case "model":
            return sorted(audits, key=lambda audit: (audit.model is None, _model(audit, record), audit.name))
        case "duration":
            return sorted(audits, key=lambda audit: (-(audit.duration_s or 0.0), audit.name))
        case "name":
            return sorted(audits, key=lambda audit: (audit.name, audit.audit, audit.finished_at))


def namesakes(audits: Iterable[Audit]) -> frozenset[str]:
    """The names that several audits have, which are told apart by what they were given."""
    return frozenset(name for name, number in Counter(audit.name for audit in audits).items() if number > 1)


def cells(audit: Audit, record: RunRecord, shared: Container[str] = ()) -> dict[str, Text]:
    """What each column shows of an audit; `shared` are the names that it may have in common with others."""
    return {
        "status": formats.status_text(audit.status),
        "blocking": blocking_mark(audit),
        "name": _name(audit, audit.name in shared),
        "model": Text(_model(audit, record)),
        "failures": Text(wording.count(audit.failures) if audit.failures else ""),
        "duration": Text(wording.duration(audit.duration_s) if audit.duration_s is not None else ""),
        "note": note(audit, record),
    }


def _name(audit: Audit, is_shared: bool) -> Text:
    text = Text(one_line(audit.name))
    return text.append(f"  {told}", formats.MUTED) if is_shared and (told := distinction(audit)) else text


def blocking_mark(audit: Audit) -> Text:
    """Whether its failure fails the run."""
    return Text("blocks") if audit.blocking else Text("warns", formats.MUTED)


def note(audit: Audit, record: RunRecord) -> Text:
    """The one thing to know of an audit beyond its status: its error, or what made it skip."""
    if audit.error:
        style = formats.WARNING if audit.status is AuditStatus.WARNED else formats.BAD
        return Text(error_line(audit.error), style)
    if audit.cause:
        return Text(f"← {one_line(record.name_of(audit.cause))}", formats.MUTED)
    return Text()


def _model(audit: Audit, record: RunRecord) -> str:
    return one_line(record.name_of(audit.model)) if audit.model else ""

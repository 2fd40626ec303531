"""The list of audits: which rows, in which order, with which cells. Values in, cells out."""

from collections.abc import Iterable
from typing import Literal

from rich.text import Text

from store import wording
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
            return sorted(audits, key=lambda audit: (audit.name, audit.finished_at))


def cells(audit: Audit, record: RunRecord) -> dict[str, Text]:
    """What each column shows of an audit."""
    return {
        "status": formats.status_text(audit.status),
        "blocking": blocking_mark(audit),
        "name": Text(one_line(audit.name)),
        "model": Text(_model(audit, record)),
        "failures": Text(wording.count(audit.failures) if audit.failures else ""),
        "duration": Text(wording.duration(audit.duration_s) if audit.duration_s is not None else ""),
        "note": note(audit, record),
    }


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

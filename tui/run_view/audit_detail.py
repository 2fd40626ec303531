"""What the detail of an audit says. Values in, text out."""

from datetime import datetime, tzinfo

from rich.text import Text

from store import wording
from store.audit_text import distinction
from store.models import Audit
from store.run_record import RunRecord
from store.status import AuditStatus
from store.text import one_line
from tui import formats
from tui.run_view.facts import Facts, known


def title(audit: Audit) -> Text:
    """Status and name."""
    return Text().append_text(formats.status_text(audit.status)).append(f"  {one_line(audit.name)}", "bold")


def facts(audit: Audit, record: RunRecord, now: datetime, zone: tzinfo | None) -> Facts:
    """All that is known beyond the error; what is not known is left out."""
    return known(
        ("checks", one_line(record.name_of(audit.model)) if audit.model else ""),
        ("if it fails", "the run fails" if audit.blocking else "it only warns"),
        ("found", _found(audit)),
        ("took", wording.duration(audit.duration_s) if audit.duration_s is not None else ""),
        ("ended", f"{wording.time_of_day(audit.finished_at, zone)}, {wording.relative_time(audit.finished_at, now)}"),
        ("interval", distinction(audit.model_copy(update={"arguments": {}}))),
        ("because", f"{one_line(record.name_of(audit.cause))} did not succeed" if audit.cause else ""),
        ("thread", one_line(audit.thread or "")),
        *((one_line(name), one_line(str(value))) for name, value in audit.arguments.items()),
        ("id", one_line(audit.audit)),
    )


def _found(audit: Audit) -> str:
    if audit.failures is None:
        return ""
    if audit.failures:
        return wording.counted(audit.failures, "failing row")
    return "no failing rows" if audit.status is AuditStatus.PASSED else ""

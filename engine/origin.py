"""Where a run comes from, when nobody asked for it by hand."""

from dataclasses import dataclass
from datetime import datetime

from engine.git_triggers.refs import shown_ref
from store.models import GitHead, RunRequest


@dataclass(frozen=True, slots=True)
class Origin:
    """What is recorded of why a run began.

    `scheduled_for` is the fire that it answers, `caused_by` the run that it follows, `rerun_of` the one that it repeats
    as its `attempt`th try; `note` says so in words. It starts at `starts_at`, or at once. With `in_line` it waits
    behind a run of its job, otherwise it is skipped then. `not_started` is why it is recorded only, as skipped.
    `head` is what was pushed.
    """

    rerun_of: int | None = None
    scheduled_for: datetime | None = None
    caused_by: int | None = None
    attempt: int = 1
    starts_at: datetime | None = None
    note: str | None = None
    in_line: bool = False
    not_started: str | None = None
    head: GitHead | None = None

    @property
    def is_a_person(self) -> bool:
        """Whether somebody asked and waits for the answer."""
        pushed = self.head is not None and self.rerun_of is None
        return self.scheduled_for is None and self.caused_by is None and not pushed and self.attempt == 1

    def onto(self, request: RunRequest) -> RunRequest:
        """The request, with all of this in it."""
        branch = request.branch if self.head is None else shown_ref(self.head.ref)
        return request.model_copy(
            update={
                "branch": branch,
                "rerun_of": self.rerun_of,
                "scheduled_for": self.scheduled_for,
                "caused_by": self.caused_by,
                "attempt": self.attempt,
                "starts_at": self.starts_at,
                "trigger_note": self.note,
                "not_started": self.not_started,
                "head": self.head,
            }
        )


BY_HAND = Origin()

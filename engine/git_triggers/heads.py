"""What polling and webhooks tell of a remote."""

from dataclasses import dataclass

from store.models import GitHead


@dataclass(frozen=True, slots=True)
class Head:
    """A branch (`refs/heads/main`) or request (`refs/pull/7/head`) of a project's remote, and the commit it is at.

    `note` are words on who pushed, or what the request is about.
    """

    project: str
    ref: str
    commit: str
    note: str | None = None

    @property
    def recorded(self) -> GitHead:
        """What of it stands in the record."""
        return GitHead(ref=self.ref, commit=self.commit)

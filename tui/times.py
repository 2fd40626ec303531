"""In which zone the app shows times: the machine's own, or UTC; one choice for all screens."""

from datetime import UTC, tzinfo
from typing import Protocol, runtime_checkable

from textual.dom import DOMNode


@runtime_checkable
class ShowsTimes(Protocol):
    """An app that lets the person choose."""

    zone: tzinfo | None
    """None is the machine's own."""


@runtime_checkable
class FollowsTimes(Protocol):
    """A screen that shows times, and has to say them anew in another zone."""

    def times_changed(self) -> None:
        """Times are shown in another zone from now on."""


def zone_of(node: DOMNode) -> tzinfo | None:
    """The zone that is chosen in the app of this widget or screen."""
    app = node.app
    return app.zone if isinstance(app, ShowsTimes) else None


def other_zone(zone: tzinfo | None) -> tzinfo | None:
    """UTC for local time, local time for UTC."""
    return UTC if zone is None else None

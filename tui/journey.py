"""The way through the pages: where somebody was, as it was left, and back and forth between those places."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from textual.screen import Screen

_LONGEST = 100


@dataclass(frozen=True, slots=True)
class Spot:
    """A page as it was left. `key` tells what it is about; `page` makes it again with its cursor where it was."""

    key: Hashable
    page: Callable[[], Screen[Any]]


@runtime_checkable
class HasSpot(Protocol):
    """A page that one can come back to."""

    def spot(self) -> Spot:
        """The page as it is now."""


class Journey:
    """Two piles of places: those behind, those ahead. Each step is told from where it is taken."""

    def __init__(self) -> None:
        self._behind: list[Spot] = []
        self._ahead: list[Spot] = []

    def left(self, spot: Spot | None) -> None:
        """A new page is opened from this place; what was ahead is so no longer."""
        if spot is not None:
            self._behind = [*self._behind[1 - _LONGEST :], spot]
        self._ahead.clear()

    def back(self, spot: Spot | None) -> Spot | None:
        """Where one was before; None at the beginning."""
        return self._moved(spot, self._behind, self._ahead)

    def forward(self, spot: Spot | None) -> Spot | None:
        """From where one went back; None at the end."""
        return self._moved(spot, self._ahead, self._behind)

    def up(self, spot: Spot | None, key: Hashable) -> None:
        """Goes to the page behind this one, which has this key; the places between the two are left out."""
        while self._behind and self._behind.pop().key != key:
            pass
        self._ahead = [spot] if spot is not None else []

    @staticmethod
    def _moved(spot: Spot | None, there: list[Spot], here: list[Spot]) -> Spot | None:
        if not there:
            return None
        if spot is not None:
            here.append(spot)
        return there.pop()


def spot_of(screen: Screen[Any]) -> Spot | None:
    """The place of a page; None for one that nobody comes back to, such as a dialog."""
    return screen.spot() if isinstance(screen, HasSpot) else None

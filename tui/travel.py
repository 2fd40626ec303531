"""Going from page to page and back."""

from typing import Any

from textual.app import App
from textual.await_complete import AwaitComplete
from textual.screen import Screen

from tui.journey import Journey, Spot, spot_of

_HOME_DEPTH = 2
"""Below home lies the empty screen that every Textual app begins with."""


class TravelApp(App[None]):
    """An app of pages: home at the bottom of its stack, other pages over it, and a way back and forth between them."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._journey = Journey()

    def open_page(self, page: Screen[Any]) -> None:
        """Goes to a page; the one that was in front stays behind it."""
        self._journey.left(spot_of(self.screen))
        self.push_screen(page)

    def replace_page(self, page: Screen[Any]) -> None:
        """Goes to a page; the one that was in front is gone, but one can come back to it."""
        self._journey.left(spot_of(self.screen))
        self.switch_screen(page)

    def go_home(self) -> None:
        """Goes to the page below all others."""
        if not self._is_home:
            self._journey.left(spot_of(self.screen))
        while not self._is_home:
            self.pop_screen()

    async def action_back(self) -> None:
        """Leaves the page in front for the one behind it; home stays."""
        if not self._is_home:
            behind = spot_of(self.screen_stack[-2])
            self._journey.up(spot_of(self.screen), behind.key if behind else None)
            self.pop_screen()

    def action_travel(self, direction: int) -> None:
        """Goes to the page before (-1), or to that from which one went back (1), with everything as it was left."""
        move = self._journey.forward if direction > 0 else self._journey.back
        spot = move(spot_of(self.screen))
        if spot is not None:
            self._show_spot(spot)

    def pop_screen(self) -> AwaitComplete:
        """Takes the front screen away, and ends first what it still reads: its widgets will be gone."""
        self._end_workers_of(self.screen)
        return super().pop_screen()

    def switch_screen(self, screen: Screen[Any] | str) -> AwaitComplete:
        """Puts another screen in the front one's place."""
        self._end_workers_of(self.screen)
        return super().switch_screen(screen)

    @property
    def _is_home(self) -> bool:
        return len(self.screen_stack) <= _HOME_DEPTH

    def _show_spot(self, spot: Spot) -> None:
        for above, screen in enumerate(reversed(self.screen_stack)):
            there = spot_of(screen)
            if there is not None and there.key == spot.key:
                for _ in range(above):
                    self.pop_screen()
                return
        (self.push_screen if self._is_home else self.switch_screen)(spot.page())

    def _end_workers_of(self, screen: Screen[Any]) -> None:
        for worker in list(self.workers):
            if screen in worker.node.ancestors_with_self:
                worker.cancel()

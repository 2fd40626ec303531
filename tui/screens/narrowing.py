"""The actions of a page with a list of runs that narrow it: tabs, kinds, order, filters."""

from typing import Any

from textual.screen import Screen

from tui.activity_filter import TABS
from tui.filter_text import Names
from tui.widgets.activity import Activity


class NarrowingActions(Screen[None]):
    """The page has the list as `activity` and tells the names that complete a filter; the app remembers."""

    @property
    def activity(self) -> Activity:
        """The list of runs."""
        raise NotImplementedError

    def names(self) -> Names:
        """What a filter may be completed to, by prefix."""
        raise NotImplementedError

    def action_show_tab(self, tab: str) -> None:
        """Shows the runs of some statuses."""
        tabs = list(TABS)
        self.action_next_tab(tabs.index(tab) - tabs.index(self.activity.chosen.tab))

    def action_next_tab(self, steps: int) -> None:
        """Shows the runs of other statuses."""
        self.activity.narrow(self.activity.chosen.next_tab(steps))

    def action_next_kind(self) -> None:
        """Shows another kind of runs."""
        self.activity.narrow(self.activity.chosen.next_kind())

    def action_toggle_order(self) -> None:
        """Newest first, or oldest first."""
        self.activity.narrow(self.activity.chosen.turned())

    def action_filter(self) -> None:
        """Lets the person type a filter."""
        self.activity.open_filter(self.names())

    def action_saved_filters(self) -> None:
        """Offers the filters that were saved under a name, and to save the present one."""
        self.run_worker(self._offer_saved_filters(), group="act")

    async def _offer_saved_filters(self) -> None:
        from tui.screens.saved_filters import SavedFiltersScreen  # Home does not wait for it.

        app: Any = self.app
        choice = await app.push_screen_wait(SavedFiltersScreen(app.remembered.saved_filters(), self.activity.chosen))
        app.keep_filters(choice.saved)
        if choice.applied is not None:
            self.activity.narrow(choice.applied)

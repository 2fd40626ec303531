"""Says on the page of a run whether the project's files are still those that the run saw."""

from rich.text import Text
from textual import on
from textual.screen import Screen

from engine.errors import RunroomError
from store.run_record import RunRecord
from store.wording import counted
from tui import formats
from tui.formats import styled
from tui.services import Services
from tui.version_reading import standing_of
from tui.widgets.run.changes import ChangesPane
from tui.widgets.run.header import RunHeader


class ShowsStanding(Screen[None]):
    """Looks when the version becomes known, and again when somebody comes back to the page."""

    services: Services
    _stands_for: str | None = None

    @property
    def record(self) -> RunRecord | None:
        """The run as it was read last."""
        raise NotImplementedError

    def show_again(self) -> None:
        """Draws the page once more."""
        raise NotImplementedError

    def look_at_version(self) -> None:
        """Compares once the version is known, and not again while it stays the same."""
        version = self.record.run.version if self.record is not None else None
        if version is not None and version != self._stands_for:
            self._stands_for = version
            self.run_worker(self._compare_with_now(), group="standing", exclusive=True)

    def on_screen_resume(self) -> None:
        """Files may have been edited, or restored, meanwhile."""
        self._stands_for = None
        self.look_at_version()

    @on(ChangesPane.Acted)
    def _look_again(self) -> None:
        self.on_screen_resume()

    async def _compare_with_now(self) -> None:
        assert self.record is not None, "there is a version to compare"
        try:
            changes = (await standing_of(self.services.paths, self.record.run)).changes
        except RunroomError:
            said = Text()  # where git or the project is gone, nothing is claimed
        else:
            differs = f"{counted(len(changes), 'file')} {'differs' if len(changes) == 1 else 'differ'} from now"
            said = styled(differs, formats.WARNING) if changes else styled("same version as now", formats.MUTED)
        for header in self.query(RunHeader):
            header.say_standing(said)
        self.show_again()

"""The next fires of schedules in rows above the list of runs, with its columns."""

from collections.abc import Mapping, Sequence

from rich.text import Text

from tui import upcoming
from tui.services import Services
from tui.times import zone_of
from tui.upcoming import NextFire
from tui.widgets.columns import Column
from tui.widgets.keyed_table import KeyedTable
from tui.widgets.row_table import TableRow


class UpcomingRows(KeyedTable[NextFire]):
    """To be read only: it takes no focus, and is not there when there is nothing to come."""

    DEFAULT_CSS = """
    UpcomingRows { height: auto; background: transparent; overflow-x: hidden; }
    """
    can_focus = False

    def __init__(self, services: Services, columns: Sequence[Column]) -> None:
        super().__init__(self._fire_cells, columns)
        self._services = services
        self.show_cursor = False
        self.display = False

    def show(self, fires: Sequence[NextFire]) -> None:
        """Shows these."""
        self.display = bool(fires)
        self.set_rows([TableRow(f"{fire.job.project}/{fire.job.name}", fire) for fire in fires])
        self.styles.height = len(fires) + 1

    def _fire_cells(self, fire: NextFire) -> Mapping[str, Text]:
        return upcoming.fire_cells(fire, self._services.clock(), zone_of(self))

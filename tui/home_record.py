"""What home shows, read from the store: how the workspace stands, and two weeks of the place that it is about."""

from datetime import tzinfo

from rich.text import Text

from store.errors import StoreError, StoreMissing, StoreOutdated, StoreTooNew
from store.reads import StoreReader
from tui import formats
from tui.app_reads import unreadable
from tui.build_freshness import BuildFreshness
from tui.feed import EngineState
from tui.overview import Overview, Place, read_overview
from tui.run_history import LIVE_STEP_S, History, read_history
from tui.services import Services

_READING = "Reading the workspace …"
_STARTING = "Starting the engine …"
_NOTHING_CONFIGURED = (
    "No project here yet.\n\nOpen Runroom in the folder of a dbt or SQLMesh project, or write a runroom.toml:\n"
    "`runroom init` makes one with comments in it."
)


class HomeRecord:
    """The workspace as it was when it was last read; `overview` is None before that went well for the first time."""

    def __init__(self, services: Services) -> None:
        self.overview: Overview | None = None
        self.history = History(())
        self._services = services
        self._freshness = BuildFreshness()
        self._history_known: tuple[object, ...] = ()

    async def read(self, place: Place, zone: tzinfo | None) -> None:
        """Reads everything again. Raises StoreError."""
        async with self._services.reads() as reader:
            overview = await read_overview(reader)
            self.overview = await self._freshness.added(reader, overview, self._services.clock())
            await self._read_history(reader, self.overview, place, zone)

    async def _read_history(self, reader: StoreReader, overview: Overview, place: Place, zone: tzinfo | None) -> None:
        """Reads two weeks again when a run came, went or changed its status, not for every model of a live one."""
        now = self._services.clock()
        step = int(now.timestamp()) // LIVE_STEP_S
        known = (place, zone, overview.last_id, [(run.id, run.status) for run in overview.active], step)
        if known != self._history_known:
            self._history_known = known
            self.history = await read_history(reader, place, now, zone)


def why_unreadable(error: StoreError, engine: EngineState | None) -> Text:
    """What home says where the store cannot be read. One that is not there yet, or is old, waits for the engine."""
    if isinstance(error, StoreTooNew):
        return formats.styled(unreadable(error), formats.WARNING)
    if not isinstance(error, StoreMissing | StoreOutdated):
        return formats.styled(unreadable(error), formats.BAD)
    if engine is not None and not engine.connected:
        return formats.styled(engine.sentence, formats.BAD)
    if engine is not None and isinstance(error, StoreOutdated):
        # An engine answers and leaves it old: it is an old one, which an app that only looks does not replace.
        return formats.styled(str(error), formats.WARNING)
    return formats.styled(_STARTING, formats.MUTED)


def why_empty(overview: Overview, engine: EngineState | None) -> Text | None:
    """What home says where there is no environment to show; None where there is one."""
    if overview.environments:
        return None
    problem = engine.sentence if engine is not None else ""
    return formats.styled(problem, formats.BAD) if problem else Text(_NOTHING_CONFIGURED)


def reading() -> Text:
    """What home says at first."""
    return formats.styled(_READING, formats.MUTED)

"""A run as the recent-activity table lists it: beside the run itself, how its job's last runs ended."""

from collections.abc import Sequence
from dataclasses import dataclass

from store.history import JobPlace
from store.models import Run
from store.reads import StoreReader
from store.status import RunStatus
from tui.widgets.row_table import TableRow

OUTCOMES = 6
"""How many of a job's last runs are told of."""


@dataclass(frozen=True, slots=True)
class ListedRun:
    """`outcomes` are of the last ended runs of the run's job in its environment, the newest last."""

    run: Run
    outcomes: tuple[RunStatus, ...] = ()


class JobOutcomes:
    """Makes rows of runs. Each job is asked about once, together with all others of a page, until `forget`."""

    def __init__(self) -> None:
        self._known: dict[JobPlace, tuple[RunStatus, ...]] = {}

    def forget(self) -> None:
        """Runs may have ended since."""
        self._known.clear()

    async def rows(self, reader: StoreReader, runs: Sequence[Run]) -> list[TableRow[ListedRun]]:
        """These runs with what is known of their jobs. Raises StoreError."""
        places = [_job_place(run) for run in runs]
        unknown = {place for place in places if place is not None} - self._known.keys()
        if unknown:
            self._known |= await reader.job_outcomes(sorted(unknown), OUTCOMES)
        return [
            TableRow(str(run.id), ListedRun(run, self._known.get(place, ()) if place else ()))
            for run, place in zip(runs, places, strict=True)
        ]


def _job_place(run: Run) -> JobPlace | None:
    return JobPlace(run.project, run.environment, run.job) if run.job is not None else None

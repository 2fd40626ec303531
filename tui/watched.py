"""The runs whose end somebody wants to hear of, while looking at something else."""

from datetime import datetime
from typing import TYPE_CHECKING

from store import wording
from store.errors import RunNotFound
from store.models import Run

if TYPE_CHECKING:
    from store.readers import Reads
    from tui.feed import RunsChanged


class Watched:
    """Remembers which runs these are, as long as the app is open."""

    def __init__(self) -> None:
        self.runs: frozenset[int] = frozenset()

    def add(self, run_id: int) -> None:
        """Wants to hear of this run's end."""
        self.runs |= {run_id}

    def toggle(self, run_id: int) -> bool:
        """Wants to hear of it, or no longer; gives which."""
        self.runs ^= {run_id}
        return run_id in self.runs

    def may_have_ended(self, event: "RunsChanged") -> bool:
        """Whether a nudge is about one of them."""
        return any(event.concerns(run_id) for run_id in self.runs)

    async def ended(self, reads: "Reads") -> list[Run]:
        """Those that have ended meanwhile; they are watched no longer. Raises StoreError."""
        ended: list[Run] = []
        async with reads() as reader:
            for run_id in sorted(self.runs):
                try:
                    run = await reader.run(run_id)
                except RunNotFound:
                    self.runs -= {run_id}  # Somebody deleted it: nothing is left to be heard of.
                    continue
                if not run.is_active:
                    ended.append(run)
        # Looked up only now, without waiting behind it: of two looks at the same time one tells of a run.
        told = [run for run in ended if run.id in self.runs]
        self.runs -= {run.id for run in told}
        return told


def end_sentence(run: Run, now: datetime) -> str:
    """How a watched run ended: `#127 nightly in flights/prod: failed after 4m 12s`."""
    seconds = run.duration_s(now)
    after = "" if seconds is None else f" after {wording.duration(seconds)}"
    return f"#{run.id} {run.name} in {run.project}/{run.environment}: {run.status}{after}"

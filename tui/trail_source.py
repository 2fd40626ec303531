"""The list of what people did behind its table: any length, read by key from the nearer end."""

from collections.abc import Callable, Sequence

from store.readers import Reads
from store.trail import TrailEntry, TrailFilter
from tui.widgets.row_table import TableRow


class TrailSource:
    """What a filter lets through, the oldest first. Raises StoreError from every method."""

    def __init__(self, reads: Reads, wanted: TrailFilter, counted: Callable[[int], None]) -> None:
        """`counted` is told each time how many there are."""
        self._reads = reads
        self._wanted = wanted
        self._counted = counted
        self._total = 0

    async def count(self) -> int:
        """How much there is."""
        async with self._reads() as reader:
            self._total = await reader.trail.count(self._wanted)
        self._counted(self._total)
        return self._total

    async def page(self, first: int, size: int) -> Sequence[TableRow[TrailEntry]]:
        """Entries from the position `first`, at most `size` of them."""
        before = first - 1
        nearer = before if before < self._total // 2 else before - self._total
        async with self._reads() as reader:
            after = await reader.trail.at(self._wanted, nearer) if first else None
            return [_row(entry) for entry in await reader.trail.page(self._wanted, size, after)]

    async def row(self, key: str) -> TableRow[TrailEntry] | None:
        """An entry as it is now."""
        async with self._reads() as reader:
            entry = await reader.trail.entry(int(key))
        return None if entry is None else _row(entry)

    async def position(self, key: str) -> int | None:
        """Where an entry is; None when the filter does not let it through."""
        async with self._reads() as reader:
            return await reader.trail.position(self._wanted, int(key))


def _row(entry: TrailEntry) -> TableRow[TrailEntry]:
    return TableRow(str(entry.id), entry)

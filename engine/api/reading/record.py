"""What answers are read from."""

from dataclasses import dataclass
from datetime import datetime

from store.paths import WorkspacePaths
from store.reads import StoreReader


@dataclass(frozen=True, slots=True)
class Record:
    """The store and the files of a workspace, as of `now`. The reader is open for as long as an answer is told."""

    paths: WorkspacePaths
    reader: StoreReader
    now: datetime

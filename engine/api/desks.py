"""What the API over TCP acts through."""

from dataclasses import dataclass

from engine.api.tokens import TokenDesk
from engine.api.webhooks.routes import NewsDesk
from engine.change_stream import ChangeStream
from engine.job_desk import JobDesk
from engine.notifications.notifier import Notifier
from engine.refresh import Refresher
from engine.supervisor import Supervisor
from engine.triage.desk import TriageDesk
from engine.version_desk import VersionDesk
from store.clock import Clock
from store.paths import WorkspacePaths
from store.reads import StoreReader
from store.writes import StoreWriter


@dataclass(frozen=True, slots=True)
class Desks:
    """The same that serve the Unix socket."""

    paths: WorkspacePaths
    supervisor: Supervisor
    triage: TriageDesk
    jobs: JobDesk
    refresher: Refresher
    notifier: Notifier
    tokens: TokenDesk
    news: NewsDesk
    versions: VersionDesk
    changes: ChangeStream
    reader: StoreReader
    writer: StoreWriter
    clock: Clock

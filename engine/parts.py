"""What an engine is made of, and how its parts know each other; nothing begins to work here."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial

from engine.aftermath import Aftermath
from engine.api.desks import Desks
from engine.api.site import ApiSite
from engine.api.tokens import TokenDesk
from engine.api.webhooks.news_desk import ForgeNews
from engine.configuration.workspace import Workspace
from engine.configuration_watch import watch_configuration
from engine.git_triggers.desk import GitDesk
from engine.git_triggers.watch import RemoteWatch
from engine.hub import Hub
from engine.job_desk import JobDesk
from engine.notifications.notifier import Notifier
from engine.protocol import Rebuilt
from engine.refresh import Refresher
from engine.rereading import Rereader
from engine.schedule import ScheduleKeeper
from engine.server import Server
from engine.supervisor import Supervisor
from engine.triage.desk import TriageDesk
from store.clock import Clock
from store.reads import StoreReader
from store.writes import StoreWriter


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts that whoever runs the engine starts, asks and ends."""

    hub: Hub
    supervisor: Supervisor
    triage: TriageDesk
    server: Server
    keeper: ScheduleKeeper
    aftermath: Aftermath
    rereader: Rereader
    notifier: Notifier
    remotes: RemoteWatch
    site: ApiSite

    def work(self) -> Mapping[str, Callable[[], Awaitable[object]]]:
        """What goes on for as long as the engine lives, by what it does."""
        configuration = self.supervisor.workspace.paths.configuration
        return {
            "watching the configuration": partial(
                watch_configuration, configuration, self.supervisor.reload, self.keeper.wake
            ),
            "keeping the schedules": self.keeper.run,
            "looking at the remotes": partial(self.remotes.run, self.hub),
            "looking after ended runs": partial(self.aftermath.run, self.hub),
            "reading environments again": self.rereader.run,
            "telling people": partial(self.notifier.run, self.hub),
            "keeping the API open": partial(self.site.run, self.hub),
        }

    def is_needed(self) -> bool:
        """Whether the engine has something to do or to wait for, though nobody asks."""
        return (
            self.supervisor.busy
            or self.keeper.waits_for_retries
            or self.notifier.waits
            or self.site.wanted
            or self.remotes.wanted
        )


def make_parts(
    workspace: Workspace, writer: StoreWriter, reader: StoreReader, clock: Clock, rebuilt: Rebuilt | None
) -> Parts:
    """The parts of the engine of this workspace, over its open store."""
    paths, hub = workspace.paths, Hub()
    supervisor = Supervisor(workspace, writer, reader, hub, clock)
    keeper = ScheduleKeeper(supervisor, writer, reader, clock)
    jobs = JobDesk(lambda: supervisor.workspace, writer, reader, hub, clock, keeper.wake)
    refresher = Refresher(lambda: supervisor.workspace, supervisor.reserve, writer, hub, clock)
    rereader = Rereader(refresher, reader)
    notifier = Notifier(lambda: supervisor.workspace.channels, paths, writer, reader, clock)
    git = GitDesk(supervisor, writer, reader)
    triage = TriageDesk(paths, writer, reader, hub, clock)
    tokens = TokenDesk(paths.tokens, writer, reader, clock, lambda change: hub.publish(change, workspace=True))
    folder, begun = str(paths.folder), clock()
    server = Server(
        supervisor, refresher, jobs, notifier, triage, tokens, reader, hub, folder, begun, rebuilt, lambda: site.state
    )
    desks = Desks(
        paths=paths,
        supervisor=supervisor,
        triage=triage,
        jobs=jobs,
        refresher=refresher,
        notifier=notifier,
        tokens=tokens,
        news=ForgeNews(git),
        versions=server.versions,
        changes=server.changes,
        reader=reader,
        writer=writer,
        clock=clock,
    )
    site = ApiSite(desks, lambda: supervisor.workspace.api)
    return Parts(
        hub=hub,
        supervisor=supervisor,
        triage=triage,
        server=server,
        keeper=keeper,
        aftermath=Aftermath(supervisor, writer, reader, clock, keeper.wake, rereader.ended),
        rereader=rereader,
        notifier=notifier,
        remotes=RemoteWatch(supervisor, git, writer, reader, clock),
        site=site,
    )

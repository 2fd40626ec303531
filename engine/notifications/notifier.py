"""Looks after what people are to be told: decides it once for each run, and sees to it that it arrives."""

import asyncio
import contextlib
import logging
import os
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from engine.errors import UsageError
from engine.hub import Hub, Subscription
from engine.missed import LATEST
from engine.notifications.channel import Channel
from engine.notifications.delivery import NotDelivered, deliver
from engine.notifications.message import Facts, compose
from store.clock import Clock, to_iso
from store.errors import RunNotFound
from store.filters import RunFilter
from store.lineage.causes import read_causes
from store.models import Run
from store.notifications import Draft, Notification, Occasion
from store.paths import WorkspacePaths
from store.reads import StoreReader
from store.status import BAD, GOOD, RunStatus
from store.writes import StoreWriter

_logger = logging.getLogger("runroom.engine")

LONG_RUNNING = 2.0
"""A run is long-running when it takes so many times what its job takes as a rule."""

_LEAST_LONG_S = 60.0
_LOOK_S = 15.0
_FIRST_DELAY = timedelta(minutes=1)
_MOST_RUNNING = 200


def occasions_of(run: Run) -> tuple[Occasion, ...]:
    """What the end of a run may be to people; nothing, for one, where somebody asked for a stop."""
    if run.preview:
        return ()  # it changes nothing, and whoever asked for it looks at it
    late = run.scheduled_for is not None and run.created_at - run.scheduled_for > LATEST
    missed: tuple[Occasion, ...] = ("missed",) if late else ()
    if run.status in BAD:
        return (*missed, "failure")
    if run.status in GOOD:
        return (*missed, "recovery")
    return ("missed",) if run.status is RunStatus.SKIPPED and run.scheduled_for is not None else missed


class Notifier:
    """Tells people through the channels that are configured now. What fails is tried again, and harms no run."""

    def __init__(
        self,
        channels: Callable[[], Sequence[Channel]],
        paths: WorkspacePaths,
        writer: StoreWriter,
        reader: StoreReader,
        clock: Clock,
    ) -> None:
        self._channels = channels
        self._paths = paths
        self._writer = writer
        self._reader = reader
        self._clock = clock
        self._told_long: set[int] = set()
        self.waits = False
        """Whether a message is still to go out: then the engine does not leave."""

    async def run(self, hub: Hub) -> None:
        """Goes on for as long as the engine does; begins with what ended while there was none."""
        async with hub.subscribe(client=False) as news:
            while True:
                await self.look()
                await self._rest(news)

    async def look(self) -> None:
        """Decides what people are told now, and sends what is due."""
        for run_id in await self._reader.notifications.untold():
            run = await self._reader.run(run_id)
            drafts = [draft for occasion in occasions_of(run) for draft in await self._drafts(run, occasion)]
            await self._writer.tell(run_id, drafts)
        for run in await self._reader.runs(RunFilter(statuses=frozenset({RunStatus.RUNNING})), _MOST_RUNNING):
            await self._look_at_running(run)
        for notification in await self._reader.notifications.due(self._clock()):
            await self._send(notification)
        self.waits = await self._reader.notifications.next_due() is not None

    async def test(self, name: str | None) -> dict[str, str | None]:
        """Sends a test message through one channel, or all: by channel why it did not arrive, None where it did.

        Raises UsageError where there is no such channel.
        """
        payload: dict[str, Any] = {
            "title": "Runroom: a test",
            "body": f"Messages of {self._paths.folder} arrive here.",
            "occasion": "test",
            "run": None,
            "causes": [],
        }
        chosen = [channel for channel in self._channels() if name in (None, channel.name)]
        if not chosen:
            named = f"no channel {name}" if name else "no channel"
            raise UsageError(f"There is {named}: runroom.toml describes them as [notifications.NAME].")
        return {channel.name: await _problem(channel, payload) for channel in chosen}

    async def _rest(self, news: Subscription) -> None:
        """Until something changes, or a moment has passed: runs get long, and messages due, without any change."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(news.next(), _LOOK_S)

    async def _look_at_running(self, run: Run) -> None:
        channels = [channel for channel in self._channels() if channel.wants("long_running", run)]
        took = run.duration_s(self._clock())
        if not channels or run.id in self._told_long or took is None or took < _LEAST_LONG_S:
            return
        usual_s = (await self._reader.usual_durations(run)).run_s
        if usual_s and took >= LONG_RUNNING * usual_s:
            facts = Facts(run, self._paths.folder, usual_s=usual_s)
            drafts = [self._draft(each, "long_running", facts) for each in channels]
            await self._writer.tell(run.id, drafts, ended=False)
            self._told_long.add(run.id)

    async def _drafts(self, run: Run, occasion: Occasion) -> list[Draft]:
        channels = [channel for channel in self._channels() if channel.wants(occasion, run)]
        if not channels or await self._reader.has_attempt(run.id, run.attempt + 1):
            return []
        _, found = await read_causes(self._reader, run.id)
        facts = Facts(run, self._paths.folder, found.roots, await self._reader.causes(run.id))
        return [self._draft(each, occasion, facts) for each in channels if await self._is_news(each, occasion, facts)]

    async def _is_news(self, channel: Channel, occasion: Occasion, facts: Facts) -> bool:
        """One cause is one message, however many runs fail of it; and only who heard of a failure hears of its end."""
        told = self._reader.notifications
        if occasion == "recovery":
            return await told.told_of_job(channel.name, facts.run)
        if occasion == "failure":
            causes = {cause.key for cause in facts.causes}
            return not causes or not causes <= await told.told_causes(channel.name, facts.run)
        return occasion != "missed" or not await self._is_of_an_outage_that_is_told(facts.run)

    async def _is_of_an_outage_that_is_told(self, run: Run) -> bool:
        """Whether the run before it of its job is one of a missed fire too, recorded in the same go."""
        job = RunFilter(project=run.project, environment=run.environment, job=run.job)
        before = await self._reader.runs(job, 1, after=run.id)
        return any("missed" in occasions_of(each) and run.created_at - each.created_at < LATEST for each in before)

    def _draft(self, channel: Channel, occasion: Occasion, facts: Facts) -> Draft:
        now, run = self._clock(), facts.run
        message = compose(occasion, facts, now)
        causes = tuple(cause.key for cause in facts.causes)
        return Draft(
            channel=channel.name,
            occasion=occasion,
            run_id=run.id,
            project=run.project,
            environment=run.environment,
            causes=causes,
            title=message.title,
            body=message.body,
            created_at=now,
            due_at=channel.due_at(now),
        )

    async def _send(self, notification: Notification) -> None:
        draft = notification.draft
        channel = next((each for each in self._channels() if each.name == draft.channel), None)
        problem: str | None = f"There is no channel {draft.channel} any more."
        if channel is not None:
            problem = await _problem(channel, await self._payload(draft))
        delay = _FIRST_DELAY * 2**notification.attempts if problem else timedelta(0)
        await self._writer.record_delivery(notification.id, self._clock() + delay, problem)

    async def _payload(self, draft: Draft) -> dict[str, Any]:
        try:
            run = _run_facts(await self._reader.run(draft.run_id))
        except RunNotFound:
            run = {"id": draft.run_id}  # deleted meanwhile
        return {
            "title": draft.title,
            "body": draft.body,
            "occasion": draft.occasion,
            "causes": list(draft.causes),
            "run": run,
        }


def _run_facts(run: Run) -> dict[str, Any]:
    return {
        "id": run.id,
        "name": run.name,
        "kind": run.kind,
        "status": run.status.value,
        "status_reason": run.status_reason,
        "project": run.project,
        "environment": run.environment,
        "job": run.job,
        "trigger": run.trigger,
        "author": run.author,
        "commit": run.commit,
        "started_at": to_iso(run.started_at) if run.started_at else None,
        "finished_at": to_iso(run.finished_at) if run.finished_at else None,
    }


async def _problem(channel: Channel, payload: dict[str, Any]) -> str | None:
    try:
        await deliver(channel, payload, os.environ)
    except NotDelivered as error:
        _logger.warning("channel %s: %s", channel.name, error)
        return str(error)
    return None

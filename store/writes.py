"""All that changes the store. Only the engine holds a `StoreWriter`.

Every mutation is one transaction that takes the next change number and stamps it on what it touches, so that a client
can ask what changed since a number that it has seen.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import aiosqlite

from store import former_failures, latest_executions, notifications, triage
from store.clock import to_microseconds
from store.connection import open_for_writing
from store.errors import IllegalTransition, RunNotFound
from store.events import AnyEvent, EnvironmentState, RunFinished, RunStarted, RunStopping
from store.git_heads import GitWrites
from store.job_state import JobKey
from store.models import Environment, Job, JobPause, KeptSchedule, Project, RunRequest, is_preview
from store.reduce import statements
from store.status import TERMINAL, RunStatus, is_legal
from store.tokens import ApiWrites
from store.triage import Action


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """An event with the place in the journal, in bytes, where its line ends."""

    end: int
    event: AnyEvent


@dataclass(frozen=True, slots=True)
class JournalPosition:
    """How much of a run's journal is in the store."""

    offset: int
    seq: int


class StoreWriter:
    """The one writer of a store."""

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection
        self._turn = asyncio.Lock()
        self.api = ApiWrites(connection, self._transaction)
        self.git = GitWrites(connection, self._transaction)

    @classmethod
    @asynccontextmanager
    async def open(cls, database: Path) -> AsyncIterator["StoreWriter"]:
        """Makes or migrates the file. Raises StoreTooNew."""
        async with open_for_writing(database) as connection:
            yield cls(connection)

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[int]:
        """One transaction with its change number; undone as a whole on any error, cancellation included."""
        async with self._turn:
            try:
                await self._connection.execute("BEGIN IMMEDIATE")
                yield await self._next_change()
                await self._connection.execute("COMMIT")
            except BaseException:
                # Not a statement: who was cancelled cannot know whether the beginning or the end came through.
                await self._connection.rollback()
                raise

    async def _next_change(self) -> int:
        sql = "UPDATE change_counter SET number = number + 1 RETURNING number"
        async with self._connection.execute(sql) as cursor:
            row = await cursor.fetchone()
        assert row is not None, "the first migration makes the counter"
        return int(row[0])

    async def next_run_id(self) -> int:
        """The number that the next run gets; numbers of deleted runs are not given again."""
        async with self._connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'runs'") as cursor:
            row = await cursor.fetchone()
        return int(row[0]) + 1 if row else 1

    async def take_number(self, run_id: int) -> int:
        """No run gets this number, nor a lower one. Returns the change number."""
        async with self._transaction() as change:
            last = await self.next_run_id() - 1
            await self._connection.execute("DELETE FROM sqlite_sequence WHERE name = 'runs'")
            await self._connection.execute("INSERT INTO sqlite_sequence VALUES ('runs', ?)", (max(last, run_id),))
        return change

    async def create_run(self, request: RunRequest, status: RunStatus = RunStatus.QUEUED) -> int:
        """Records a run that was asked for. Returns the change number."""
        async with self._transaction() as change:
            values = request.model_dump(
                include={
                    "id",
                    "kind",
                    "name",
                    "project",
                    "environment",
                    "job",
                    "job_type",
                    "trigger",
                    "author",
                    "tool",
                    "branch",
                    "rerun_of",
                    "priority",
                    "attempt",
                    "caused_by",
                    "trigger_note",
                }
            )
            values |= {
                "status": status,
                "created_at": to_microseconds(request.created_at),
                "starts_at": _instant(request.starts_at),
                "scheduled_for": _instant(request.scheduled_for),
                "head_ref": request.head.ref if request.head else None,
                "head_commit": request.head.commit if request.head else None,
                "preview": is_preview(request),
                "followed": False,
                "told": False,
                "options": request.options.model_dump_json(exclude_defaults=True),
                "change": change,
            }
            columns = ", ".join(values)
            places = ", ".join(f":{column}" for column in values)
            await self._connection.execute(f"INSERT INTO runs ({columns}) VALUES ({places})", values)
        return change

    async def apply(self, run_id: int, entries: Sequence[JournalEntry], offset: int) -> int:
        """Writes what the events say, and that the journal is read up to `offset`, as one transaction.

        An entry that ends where the journal is read already changes nothing, so that a portion may come again, whole or
        in part. Returns the change number.
        Raises RunNotFound; an illegal transition raises IllegalTransition and nothing is written.
        """
        async with self._transaction() as change:
            position = await self.journal_position(run_id)
            new = [entry for entry in entries if entry.end > position.offset]
            for entry in new:
                await self._apply_event(run_id, change, entry)
            await self._connection.execute(_COUNT, {"run": run_id})
            await self._connection.execute(
                "UPDATE runs SET journal_offset = ?, journal_seq = ?, change = ? WHERE id = ?",
                (max(offset, position.offset), max((position.seq, *(e.event.seq for e in new))), change, run_id),
            )
        return change

    async def _apply_event(self, run_id: int, change: int, entry: JournalEntry) -> None:
        event = entry.event
        if (status := _status_after(event)) is not None:
            await self._move(run_id, status)
        common = {"run": run_id, "change": change, "at": to_microseconds(event.ts), "journal_end": entry.end}
        for statement in statements(event):
            await self._connection.execute(statement.sql, common | statement.values)

    async def _move(self, run_id: int, after: RunStatus) -> None:
        before = await self._status(run_id)
        if not is_legal(before, after):
            raise IllegalTransition(f"run {run_id} cannot go from {before} to {after}")
        await self._connection.execute("UPDATE runs SET status = ? WHERE id = ?", (after, run_id))

    async def _status(self, run_id: int) -> RunStatus:
        async with self._connection.execute("SELECT status FROM runs WHERE id = ?", (run_id,)) as cursor:
            row = await cursor.fetchone()
        if row is None:
            raise RunNotFound(f"There is no run #{run_id}.")
        return RunStatus(row[0])

    async def journal_position(self, run_id: int) -> JournalPosition:
        """How much of the run's journal is in the store. Raises RunNotFound."""
        async with self._connection.execute(
            "SELECT journal_offset, journal_seq FROM runs WHERE id = ?", (run_id,)
        ) as cursor:
            row = await cursor.fetchone()
        if row is None:
            raise RunNotFound(f"There is no run #{run_id}.")
        return JournalPosition(int(row[0]), int(row[1]))

    async def queue_run(self, run_id: int) -> int:
        """Lets a scheduled run wait for its slot. Raises RunNotFound, IllegalTransition."""
        async with self._transaction() as change:
            await self._move(run_id, RunStatus.QUEUED)
            await self._connection.execute("UPDATE runs SET change = ? WHERE id = ?", (change, run_id))
        return change

    async def mark_followed(self, run_id: int) -> None:
        """Whatever was to follow the end of this run is recorded."""
        async with self._transaction():
            await self._connection.execute("UPDATE runs SET followed = 1 WHERE id = ?", (run_id,))

    async def tell(self, run_id: int, drafts: Sequence[notifications.Draft], ended: bool = True) -> None:
        """Records what people are to be told of this run; with `ended` that is all that they ever are."""
        async with self._transaction():
            await notifications.add(self._connection, drafts)
            if ended:
                await self._connection.execute("UPDATE runs SET told = 1 WHERE id = ?", (run_id,))

    async def record_delivery(self, number: int, at: datetime, problem: str | None = None) -> None:
        """The message arrived at this moment; or, with a problem, did not and is tried again then."""
        async with self._transaction():
            if problem is None:
                await notifications.mark_sent(self._connection, number, at)
            else:
                await notifications.mark_failed(self._connection, number, problem, at)

    async def take_back_deletion(self, run_id: int) -> None:
        """The run is there again, and nothing is to follow its end any more."""
        async with self._transaction():
            await self._connection.execute("DELETE FROM deleted_runs WHERE run_id = ?", (run_id,))
            await self._connection.execute("UPDATE runs SET followed = 1, told = 1 WHERE id = ?", (run_id,))

    async def mark_past_followed(self) -> None:
        """Nothing is to follow the runs that are over now: they are read back from their journals, long ended."""
        async with self._transaction():
            ended = ", ".join(f"'{status}'" for status in sorted(TERMINAL))
            await self._connection.execute(f"UPDATE runs SET followed = 1, told = 1 WHERE status IN ({ended})")

    async def keep_schedule(self, key: JobKey, kept: KeptSchedule) -> None:
        """The fires of a job's schedule are answered up to here."""
        async with self._transaction():
            await self._connection.execute(
                "INSERT OR REPLACE INTO kept_schedules VALUES (?, ?, ?, ?)",
                (*key, kept.schedule, to_microseconds(kept.answered_until)),
            )

    async def forget_schedule(self, key: JobKey) -> None:
        """The job has no schedule any more; should it get one again, that begins anew."""
        async with self._transaction():
            await self._connection.execute("DELETE FROM kept_schedules WHERE project = ? AND job = ?", key)

    async def pause_job(self, pause: JobPause) -> int:
        """The job does not start by itself from now on; a second pause changes the reason of the first."""
        async with self._transaction() as change:
            values = (pause.project, pause.job, pause.reason, pause.author, to_microseconds(pause.paused_at))
            await self._connection.execute(
                """INSERT INTO job_pauses (project, job, reason, author, paused_at) VALUES (?, ?, ?, ?, ?)
                   ON CONFLICT DO UPDATE SET reason = excluded.reason, author = excluded.author""",
                values,
            )
            await self._connection.execute("UPDATE workspace SET change = ?", (change,))
        return change

    async def resume_job(self, key: JobKey, at: datetime, author: str | None) -> int:
        """Ends the pause of a job; what it would have started meanwhile is not made up for."""
        async with self._transaction() as change:
            await self._connection.execute(
                """UPDATE job_pauses SET resumed_at = ?, resumed_by = ?
                   WHERE project = ? AND job = ? AND resumed_at IS NULL""",
                (to_microseconds(at), author, *key),
            )
            await self._connection.execute("DELETE FROM kept_schedules WHERE project = ? AND job = ?", key)
            await self._connection.execute("UPDATE workspace SET change = ?", (change,))
        return change

    async def catch_up_with_failures(self, limit: int) -> tuple[int, tuple[int, ...]]:
        """Finds the causes of failures in former runs, `limit` at a time; the change number, and which runs."""
        async with self._transaction() as change:
            runs = await former_failures.catch_up(self._connection, limit)
        return change, runs

    async def set_waiting(self, run_id: int, waits_for: int | None, reason: str | None) -> int:
        """Says for whom a queued run waits, and why."""
        async with self._transaction() as change:
            await self._connection.execute(
                "UPDATE runs SET waits_for = ?, status_reason = ?, change = ? WHERE id = ? AND status = 'queued'",
                (waits_for, reason, change, run_id),
            )
        return change

    async def record_action(self, action: Action) -> int:
        """Writes down what somebody did, with what it does to the run. Returns the change number."""
        async with self._transaction() as change:
            await triage.record(self._connection, action, change)
        return change

    async def rename_run(self, run_id: int, name: str) -> int:
        """Gives a run another name. Raises RunNotFound."""
        async with self._transaction() as change:
            await self._status(run_id)
            await self._connection.execute("UPDATE runs SET name = ?, change = ? WHERE id = ?", (name, change, run_id))
        return change

    async def delete_run(self, run_id: int) -> int:
        """Forgets a run; its files are the caller's business. Raises RunNotFound."""
        async with self._transaction() as change:
            await self._status(run_id)
            await latest_executions.delete_run(self._connection, run_id)
            await self._connection.execute("INSERT INTO deleted_runs VALUES (?, ?)", (run_id, change))
        return change

    async def sync_workspace(
        self, name: str, projects: Sequence[Project], environments: Sequence[Environment], jobs: Sequence[Job]
    ) -> int:
        """Makes the tables of projects, environments and jobs say what the configuration says."""
        async with self._transaction() as change:
            for table in ("projects", "environments", "jobs"):
                await self._connection.execute(f"DELETE FROM {table}")
            await self._connection.execute("INSERT OR REPLACE INTO workspace VALUES (1, ?, ?)", (name, change))
            await self._connection.executemany(
                "INSERT INTO projects VALUES (?, ?, ?)",
                [(item.name, position, item.model_dump_json()) for position, item in enumerate(projects)],
            )
            placed: tuple[tuple[str, Sequence[Environment | Job]], ...] = (
                ("environments", environments),
                ("jobs", jobs),
            )
            for table, items in placed:
                await self._connection.executemany(
                    f"INSERT INTO {table} VALUES (?, ?, ?, ?)",
                    [(item.project, item.name, place, item.model_dump_json()) for place, item in enumerate(items)],
                )
        return change

    async def record_environments(self, project: str, states: Sequence[EnvironmentState]) -> int:
        """Replaces what is known of a project's environments by what its tool just said of all of them."""
        async with self._transaction() as change:
            await self._connection.execute("DELETE FROM environment_states WHERE project = ?", (project,))
            await self._connection.executemany(
                "INSERT INTO environment_states VALUES (?, ?, ?, ?, ?)",
                [
                    (project, state.environment, to_microseconds(state.ts), state.model_dump_json(), change)
                    for state in states
                ],
            )
            await self._connection.execute("UPDATE workspace SET change = ?", (change,))
        return change


def _instant(moment: datetime | None) -> int | None:
    return None if moment is None else to_microseconds(moment)


def _status_after(event: AnyEvent) -> RunStatus | None:
    match event:
        case RunStarted():
            return RunStatus.RUNNING
        case RunStopping():
            return RunStatus.STOPPING
        case RunFinished():
            return event.status
        case _:
            return None


def _count_columns() -> str:
    models = {
        "total": "1",
        **{s: f"status = '{s}'" for s in ("running", "succeeded", "failed", "skipped", "cancelled")},
    }
    audits = {s: f"status = '{s}'" for s in ("passed", "warned", "failed", "error", "skipped")}
    terms = [
        f"models_{name} = (SELECT count(*) FROM model_executions WHERE run_id = :run AND {condition})"
        for name, condition in models.items()
    ]
    terms += [
        f"audits_{name} = (SELECT count(*) FROM audits WHERE run_id = :run AND {condition})"
        for name, condition in audits.items()
    ]
    # Audits that no graph announced still count.
    terms.append("audits_total = max(audits_total, (SELECT count(*) FROM audits WHERE run_id = :run))")
    return ", ".join(terms)


_COUNT = f"UPDATE runs SET {_count_columns()} WHERE id = :run"

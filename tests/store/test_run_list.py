"""Long lists of runs: what is counted beside them stays true, and the windows on them are those of a plain walk."""

import asyncio
import itertools
import random
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest

from store import migrate
from store.filters import RunFilter
from store.models import Handling, Run
from store.reads import StoreReader
from store.status import BAD, RunStatus
from store.triage import Action, ActionName
from store.writes import StoreWriter
from tests.many_runs import many_runs
from tests.store.making import finished_run, happen, moment, request, started, stopping

RUNS = 10_000
"""Several stretches, the last of them not full."""

_COUNTED = "SELECT stretch, facet, runs FROM run_counts ORDER BY 1, 2"
_WALKED = "SELECT id / 4096, facet, count(*) FROM runs GROUP BY 1, 2 ORDER BY 1, 2"
_FACETS_IN_USE = "SELECT DISTINCT facet FROM runs ORDER BY 1"


def ask(database: Path, sql: str) -> list[tuple[object, ...]]:
    """What the store's file answers."""
    with closing(sqlite3.connect(database)) as connection:
        return connection.execute(sql).fetchall()


def shown(run: Run) -> str:
    """All that a word is looked for in, but for number and commit."""
    parts = (run.name, run.job, run.author, run.branch, run.status_reason, run.kind, run.status, run.trigger)
    return " ".join([*(part or "" for part in parts), f"{run.project}/{run.environment}"]).lower()


def is_meant(word: str, run: Run) -> bool:
    """Whether a word occurs in a run, or its number or commit begins with it."""
    begins = str(run.id).startswith(word.lstrip("#")) or (len(word) > 3 and (run.commit or "").startswith(word))
    return begins or word in shown(run)


LONG: list[tuple[RunFilter, Callable[[Run], bool]]] = [
    (RunFilter(), lambda _: True),
    (RunFilter(statuses=BAD), lambda run: run.status in BAD),
    (RunFilter(author="ben", environment="staging"), lambda run: (run.author, run.environment) == ("ben", "staging")),
    (RunFilter(kinds=frozenset({"plan"}), job="hourly"), lambda run: (run.kind, run.job) == ("plan", "hourly")),
    (RunFilter(words=("binder", "sched")), lambda run: is_meant("binder", run) and is_meant("sched", run)),
    (RunFilter(words=("#77",)), lambda run: str(run.id).startswith("77")),
    (RunFilter(words=("9e37",)), lambda run: is_meant("9e37", run)),
    (RunFilter(words=("41", "nightly")), lambda run: is_meant("41", run) and is_meant("nightly", run)),
    (RunFilter(words=("nobody",)), lambda _: False),
    (RunFilter(handling="new"), lambda run: run.status in BAD),
]


@pytest.fixture(scope="module")
def long_list(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Run]]:
    """A store with many runs, and all of them, the newest first."""
    return asyncio.run(_long_list(tmp_path_factory.mktemp("long")))


async def _long_list(folder: Path) -> tuple[Path, list[Run]]:
    database = (await many_runs(RUNS, folder)).paths.database
    async with StoreReader.open(database) as reader:
        return database, await reader.runs(RunFilter(), RUNS)


@pytest.mark.parametrize("order", ["newest", "oldest"])
@pytest.mark.parametrize(
    ("wanted", "meant"), LONG, ids=lambda value: str(value) if isinstance(value, RunFilter) else ""
)
async def test_windows_are_those_of_a_walk(
    long_list: tuple[Path, list[Run]],
    wanted: RunFilter,
    meant: Callable[[Run], bool],
    order: Literal["newest", "oldest"],
) -> None:
    database, runs = long_list
    wanted = replace(wanted, order=order)
    expected = [run.id for run in runs if meant(run)][:: 1 if order == "newest" else -1]
    chance = random.Random(7)

    async with StoreReader.open(database) as reader:
        assert await reader.count_runs(wanted) == len(expected)
        for place in {0, len(expected) // 2, len(expected) - 1, *(chance.randrange(RUNS) for _ in range(5))} - {-1}:
            there = expected[place : place + 60]
            assert [run.id for run in await reader.runs_at(wanted, place, 60)] == there
            if place < len(expected):
                assert await reader.position_of(wanted, expected[place]) == place
                assert [run.id for run in await reader.runs(wanted, 60, after=expected[place])] == expected[
                    place + 1 :
                ][:60]
        assert [run.id for run in await reader.runs(wanted, 200)] == expected[:200]
        others = {run.id for run in runs[:20]} - set(expected)
        assert {await reader.position_of(wanted, run_id) for run_id in others} <= {None}


async def test_no_count_and_no_window_goes_through_the_runs(long_list: tuple[Path, list[Run]]) -> None:
    database, _ = long_list
    asked: list[str] = []
    async with StoreReader.open(database) as reader:
        await reader._connection.set_trace_callback(asked.append)
        for wanted, _ in LONG:
            run = next(iter(await reader.runs(wanted, 5)), None)
            await reader.count_runs(wanted)
            await reader.runs_at(wanted, 3, 5)
            await reader.position_of(wanted, run.id if run else 1)

    plans = [step for sql in asked if sql.startswith("SELECT") for step in ask(database, f"EXPLAIN QUERY PLAN {sql}")]
    assert len(plans) > len(LONG)
    assert {step[3] for step in plans if str(step[3]).startswith("SCAN runs")} == set()


def action(run_id: int, name: ActionName) -> Action:
    """What anna did about a run."""
    return Action(at=moment(99), author="anna", action=name, run_id=run_id)


async def test_whatever_happens_to_runs_is_counted(database: Path, writer: StoreWriter) -> None:
    for number, status in enumerate((RunStatus.COMPLETED, RunStatus.FAILED, RunStatus.FAILED, RunStatus.CANCELLED), 1):
        await finished_run(writer, number, status)
    await writer.create_run(request(5))
    await happen(writer, 5, started(), stopping())
    happenings: list[Callable[[], Awaitable[object]]] = [
        lambda: writer.rename_run(1, "the first"),
        lambda: writer.record_action(action(2, "acknowledge")),
        lambda: writer.record_action(action(2, "archive")),
        lambda: writer.record_action(action(2, "unarchive")),
        lambda: writer.delete_run(3),
        lambda: finished_run(writer, 6, RunStatus.COMPLETED),
    ]
    for happening in happenings:
        await happening()
        assert ask(database, _COUNTED) == ask(database, _WALKED) != []
        assert ask(database, "SELECT facet FROM run_facets ORDER BY 1") == ask(database, _FACETS_IN_USE)


@pytest.mark.parametrize("handling", ["new", "acknowledged", "superseded"])
async def test_how_failures_are_handled_is_known(writer: StoreWriter, reader: StoreReader, handling: Handling) -> None:
    await finished_run(writer, 1, RunStatus.FAILED, job="hourly")
    await finished_run(writer, 2, RunStatus.FAILED)
    await finished_run(writer, 3, RunStatus.FAILED, job="weekly")
    await writer.record_action(action(1, "acknowledge"))
    await finished_run(writer, 4, RunStatus.COMPLETED)

    found = await reader.runs(RunFilter(handling=handling), 10)

    assert [run.id for run in found] == [{"new": 3, "acknowledged": 1, "superseded": 2}[handling]]


async def test_runs_of_the_past_are_counted_when_a_file_is_brought_up_to_date(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    everything = migrate.migrations()
    before = [item for item in everything if "run_facets" not in item[1]]
    first = next(number for number, script in everything if "CREATE TABLE run_facets" in script)
    with monkeypatch.context() as patch:
        patch.setattr(migrate, "migrations", lambda: [item for item in before if item[0] < first])
        async with StoreWriter.open(database):
            pass
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.executemany(
            """INSERT INTO runs (kind, name, project, environment, status, trigger, tool, created_at, options, change)
               VALUES ('run', ?, 'flights', 'prod', 'completed', 'manual', 'dbt', 0, '{}', 1)""",
            [(name,) for name in itertools.islice(itertools.cycle(("a", "b", "c")), 5_000)],
        )

    async with StoreWriter.open(database), StoreReader.open(database) as reader:
        assert await reader.count_runs(RunFilter(words=("b",))) == 1_667
    assert ask(database, _COUNTED) == ask(database, _WALKED)

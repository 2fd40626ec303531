"""Lists of runs: windows by key, filters, and single runs by their place."""

import asyncio
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.errors import RunNotFound
from store.filters import RunFilter
from store.models import Run
from store.reads import StoreReader
from store.status import RunStatus
from store.writes import StoreWriter
from tests.store.making import finished, finished_run, happen, request, started

STATUSES = (RunStatus.COMPLETED, RunStatus.FAILED, RunStatus.RUNNING)


async def _fill(writer: StoreWriter, statuses: list[RunStatus]) -> None:
    for status in statuses:
        number = await writer.next_run_id()
        await writer.create_run(request(number))
        await happen(writer, number, started())
        if status is not RunStatus.RUNNING:
            await happen(writer, number, finished(status))


async def _pages(
    database: Path, wanted: RunFilter, size: int, before: list[RunStatus], between: list[RunStatus]
) -> tuple[list[int], list[int]]:
    """The numbers that one meets page by page while runs are added, and those that were there at the beginning."""
    async with StoreWriter.open(database) as writer, StoreReader.open(database) as reader:
        await _fill(writer, before)
        there = [run.id for run in await reader.runs(wanted, limit=1000)]
        met: list[int] = []
        while page := await reader.runs(wanted, limit=size, after=met[-1] if met else None):
            assert len(page) <= size
            met += [run.id for run in page]
            await _fill(writer, between[:1])
            between = between[1:]
        return met, there


@settings(max_examples=12)
@given(
    order=st.sampled_from(["newest", "oldest"]),
    wanted=st.frozensets(st.sampled_from(STATUSES)),
    size=st.integers(1, 4),
    before=st.lists(st.sampled_from(STATUSES), max_size=8),
    between=st.lists(st.sampled_from(STATUSES), max_size=3),
)
def test_pages_put_together_are_the_list(
    order: Literal["newest", "oldest"],
    wanted: frozenset[RunStatus],
    size: int,
    before: list[RunStatus],
    between: list[RunStatus],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        filtered = RunFilter(statuses=wanted, order=order)
        met, there = asyncio.run(_pages(Path(folder, "store.db"), filtered, size, before, between))

    assert met[: len(there)] == there
    assert met == sorted(set(met), reverse=order == "newest")
    if order == "newest":
        assert met == there, "what is added is newer than the page that one stands on"


@pytest.mark.parametrize("order", ["newest", "oldest"])
async def test_a_place_in_the_list_is_the_run_there(
    writer: StoreWriter, reader: StoreReader, order: Literal["newest", "oldest"]
) -> None:
    await _fill(writer, [RunStatus.COMPLETED, RunStatus.FAILED, RunStatus.COMPLETED])
    wanted = RunFilter(statuses=frozenset({RunStatus.COMPLETED}), order=order)

    places = [[run.id for run in await reader.runs_at(wanted, position, 1)] for position in range(3)]

    assert places == ([[3], [1], []] if order == "newest" else [[1], [3], []])
    assert await reader.count_runs(wanted) == 2


@pytest.fixture
async def runs(writer: StoreWriter, reader: StoreReader) -> list[Run]:
    """Seven runs that differ in what filters look at."""
    await finished_run(writer, 1, RunStatus.COMPLETED)
    await finished_run(writer, 2, RunStatus.FAILED, job="hourly", name="hourly", trigger="schedule", author=None)
    await finished_run(writer, 3, RunStatus.COMPLETED, kind="plan", environment="dev", author="ben")
    await finished_run(writer, 4, RunStatus.CANCELLED, project="mesh", job="run", name="100% of it")
    await finished_run(writer, 5, RunStatus.PARTIAL, name="snake_case")
    await finished_run(writer, 6, RunStatus.COMPLETED, name="C:\\temp", branch="feature")
    await writer.create_run(request(7, job=None, name="build +int_delays"))
    return await reader.runs(RunFilter(order="oldest"), limit=10)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (RunFilter(), [7, 6, 5, 4, 3, 2, 1]),
        (RunFilter(statuses=frozenset({RunStatus.COMPLETED, RunStatus.FAILED})), [6, 3, 2, 1]),
        (RunFilter(kinds=frozenset({"plan"})), [3]),
        (RunFilter(triggers=frozenset({"schedule"})), [2]),
        (RunFilter(project="mesh"), [4]),
        (RunFilter(project="flights", environment="dev"), [3]),
        (RunFilter(job="hourly"), [2]),
        (RunFilter(author="ben"), [3]),
        (RunFilter(words=("HOURLY",)), [2]),
        (RunFilter(words=("flights/dev",)), [3]),
        (RunFilter(words=("#7",)), [7]),
        (RunFilter(words=("anna", "cancel")), [4]),
        (RunFilter(words=("anna", "ben")), []),
        (RunFilter(words=("%",)), [4]),
        (RunFilter(words=("_",)), [7, 5]),
        (RunFilter(words=("\\",)), [6]),
        (RunFilter(words=("e_c",)), [5]),
        (RunFilter(words=("' OR 1 --",)), []),
        (RunFilter(words=("",)), [7, 6, 5, 4, 3, 2, 1]),
    ],
)
async def test_filters(reader: StoreReader, runs: list[Run], wanted: RunFilter, found: list[int]) -> None:
    assert [run.id for run in await reader.runs(wanted, limit=10)] == found
    assert await reader.count_runs(wanted) == len(found)


async def test_the_latest_run(reader: StoreReader, writer: StoreWriter) -> None:
    with pytest.raises(RunNotFound, match="Nothing ran here yet"):
        await reader.latest_run()
    await finished_run(writer, 1, RunStatus.COMPLETED)
    await finished_run(writer, 2, RunStatus.COMPLETED, job="hourly")

    assert (await reader.latest_run()).id == 2
    assert (await reader.latest_run("nightly")).id == 1
    with pytest.raises(RunNotFound, match="weekly"):
        await reader.latest_run("weekly")


async def test_a_run_that_never_began_is_the_latest_only_where_none_did(
    reader: StoreReader, writer: StoreWriter
) -> None:
    await writer.create_run(request(1), RunStatus.SCHEDULED)
    assert (await reader.latest_run()).id == 1
    await finished_run(writer, 2, RunStatus.COMPLETED)
    await writer.create_run(request(3))
    await happen(writer, 3, finished(RunStatus.SKIPPED))

    assert (await reader.latest_run()).id == 2
    assert (await reader.latest_run("nightly")).id == 2


async def test_active_runs_come_oldest_first(reader: StoreReader, runs: list[Run], writer: StoreWriter) -> None:
    await writer.create_run(request(8), RunStatus.SCHEDULED)

    assert [run.id for run in await reader.active_runs()] == [7, 8]


async def test_neighbours_are_runs_of_the_same_job_in_the_same_place(reader: StoreReader, writer: StoreWriter) -> None:
    await finished_run(writer, 1, RunStatus.COMPLETED)
    await finished_run(writer, 2, RunStatus.COMPLETED, job="hourly")
    await finished_run(writer, 3, RunStatus.COMPLETED, environment="dev")
    await finished_run(writer, 4, RunStatus.COMPLETED)
    await finished_run(writer, 5, RunStatus.COMPLETED, job=None)
    await finished_run(writer, 6, RunStatus.COMPLETED)
    await finished_run(writer, 7, RunStatus.COMPLETED, job=None)

    assert await reader.neighbours(await reader.run(4)) == (1, 6)
    assert await reader.neighbours(await reader.run(1)) == (None, 4)
    assert await reader.neighbours(await reader.run(5)) == (None, 7)


@pytest.mark.parametrize("order", ["newest", "oldest"])
@pytest.mark.parametrize(
    "asked",
    [
        RunFilter(),
        RunFilter(job="nightly"),
        RunFilter(author="anna"),
        RunFilter(kinds=frozenset({"run"}), project="flights", environment="prod"),
        RunFilter(project="flights", environment="prod", author="ben", statuses=frozenset({RunStatus.COMPLETED})),
        RunFilter(words=("ANNA", "nightly"), statuses=frozenset({RunStatus.FAILED})),
    ],
    ids=str,
)
async def test_list_count_and_position_agree(
    writer: StoreWriter, reader: StoreReader, asked: RunFilter, order: Literal["newest", "oldest"]
) -> None:
    for number in range(1, 13):
        job, author = ("nightly", "hourly")[number % 2], ("anna", "ben")[number % 3 == 0]
        await writer.create_run(request(number, name=job, job=job, author=author))
        await happen(writer, number, started(), finished(STATUSES[number % 4 == 0]))
    wanted = replace(asked, order=order)
    found = [run.id for run in await reader.runs(wanted, limit=100)]

    assert found == sorted(found, reverse=order == "newest")
    assert 0 < len(found) == await reader.count_runs(wanted)
    assert [await reader.position_of(wanted, run_id) for run_id in found] == list(range(len(found)))
    assert [run.id for place in range(len(found)) for run in await reader.runs_at(wanted, place, 1)] == found
    others = set(range(1, 13)) - set(found)
    assert {await reader.position_of(wanted, run_id) for run_id in others} <= {None}

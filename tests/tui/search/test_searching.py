"""Searching the logs of runs: what is found, where, in which order, and how it stops."""

import tracemalloc
from contextlib import aclosing
from pathlib import Path

import pytest

from store.errors import RunNotFound
from store.filters import RunFilter
from store.logs.log_file import LogFile, LogState
from store.logs.matching import matcher
from store.search.looking import PIECE_BYTES
from store.search.scope import SearchScope
from store.search.searching import Found, Progress, SearchEvent, Unread, search
from tests.tui.conftest import WorldMaker
from tests.worlds import World

HEAD = "2026-11-21T13:00:00.000Z INFO  "


async def everything(
    world: World, pattern: str, scope: SearchScope, regex: bool = False, most: int | None = None
) -> list[SearchEvent]:
    wanted = matcher(pattern, regex=regex)
    async with aclosing(search(world.services.reads, world.paths, scope, wanted, most)) as events:
        return [event async for event in events]


async def found(world: World, pattern: str, scope: SearchScope, **how: bool | int) -> list[Found]:
    return [event for event in await everything(world, pattern, scope, **how) if isinstance(event, Found)]  # type: ignore[arg-type]


def build_log(world: World, role: str = "failed") -> Path:
    return world.paths.run(world.runs[role]).logs / "03-build.log"


async def test_hits_are_grouped_by_run_step_and_model(make_world: WorldMaker) -> None:
    world = make_world("recurring")

    groups = await found(world, "binder error", SearchScope())

    assert [(group.run.id, group.step, group.model, group.lines) for group in groups] == [
        (world.runs["failed"], "build", "int_aircraft_rotations", 1),
        (world.runs["failed"], "build", "int_delays", 1),
        (world.runs["failed-alike"], "build", "int_delays", 1),
        (world.runs["failed-before"], "build", "int_delays", 1),
    ]


async def test_a_hit_knows_its_place(make_world: WorldMaker) -> None:
    world = make_world("failed")
    [group] = await found(world, "Candidate", SearchScope(world.runs["failed"]))
    [line] = group.shown

    content = build_log(world).read_bytes()
    assert group.log == "logs/03-build.log"
    assert content[line.offset :].startswith(line.content + b"\n")
    assert b"Candidate bindings" in line.content


async def test_case_counts_only_where_it_is_typed_and_expressions_where_they_are_asked_for(
    make_world: WorldMaker,
) -> None:
    world = make_world("failed")
    scope = SearchScope(world.runs["failed"])
    assert await found(world, "binder", scope)
    assert not await found(world, "BINDER", scope)
    assert not await found(world, "Bind.r", scope)
    assert await found(world, "Bind.r", scope, regex=True)


async def test_the_last_runs_of_a_job(make_world: WorldMaker) -> None:
    world = make_world("recurring")
    nightly = RunFilter(job="nightly")

    events = await everything(world, "binder", SearchScope(runs=nightly, last=1))

    assert {event.run.id for event in events if isinstance(event, Found)} == {world.runs["failed"]}
    assert events[-1] == Progress(1, sum(_sizes(world, "failed")), 1.0)
    assert [group.run.id for group in await found(world, "binder", SearchScope(runs=RunFilter(job="hourly")))] == [
        world.runs["failed-alike"]
    ]


def _sizes(world: World, role: str) -> list[int]:
    return [file.stat().st_size for file in world.paths.run(world.runs[role]).logs.glob("*.log")]


async def test_progress_only_grows_and_ends_at_all(make_world: WorldMaker) -> None:
    events = await everything(make_world("recurring"), "binder", SearchScope())
    parts = [event.part for event in events if isinstance(event, Progress)]
    assert parts == sorted(parts)
    assert parts[-1] == 1.0


async def test_only_some_lines_are_kept_but_all_are_counted(make_world: WorldMaker) -> None:
    world = make_world("failed")
    line = f"{HEAD}[stg_flights] needle\n"
    build_log(world).write_text(line * (3 * PIECE_BYTES // len(line)))

    groups = await found(world, "needle", SearchScope(world.runs["failed"]), most=5)

    assert sum(group.lines for group in groups) == 3 * PIECE_BYTES // len(line)
    assert sum(len(group.shown) for group in groups) == 5
    assert {group.model for group in groups} == {"stg_flights"}


async def test_hostile_logs_do_no_harm(make_world: WorldMaker) -> None:
    world = make_world("failed")
    long_line = b"x" * (3 * PIECE_BYTES) + b" needle " + b"y" * PIECE_BYTES
    build_log(world).write_bytes(b"needle \xff\x00\x1b[31m\n" + long_line + b"\nno end needle")

    groups = await found(world, "needle", SearchScope(world.runs["failed"]))

    lines = [line for group in groups for line in group.shown]
    assert [line.offset for line in lines] == [0, 15, 15 + len(long_line) + 1]
    assert max(len(line.content) for line in lines) < 10_000


async def test_memory_is_bounded(make_world: WorldMaker) -> None:
    world = make_world("failed")
    line = f"{HEAD}[stg_flights] needle {'x' * 80}\n".encode()
    with build_log(world).open("wb") as log:
        for _ in range(40):
            log.write(line * (PIECE_BYTES // len(line)))
    tracemalloc.start()
    try:
        async with aclosing(
            search(world.services.reads, world.paths, SearchScope(world.runs["failed"]), matcher("needle"), most=10)
        ) as events:
            count = 0
            async for event in events:
                count += event.lines if isinstance(event, Found) else 0
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert count == 40 * (PIECE_BYTES // len(line))
    assert peak < 12 * PIECE_BYTES


async def test_who_stops_listening_has_stopped_the_search(
    make_world: WorldMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = make_world("recurring")
    opened: set[LogFile] = set()
    closed: set[LogFile] = set()
    refresh, close = LogFile.refresh, LogFile.close

    def noted_refresh(log: LogFile) -> LogState | None:
        opened.add(log)
        return refresh(log)

    def noted_close(log: LogFile) -> None:
        closed.add(log)
        close(log)

    monkeypatch.setattr(LogFile, "refresh", noted_refresh)
    monkeypatch.setattr(LogFile, "close", noted_close)

    async with aclosing(search(world.services.reads, world.paths, SearchScope(), matcher("binder"))) as events:
        async for event in events:
            if isinstance(event, Found):
                break

    assert len(opened) == len(_sizes(world, "failed")), "no log of a later run was opened"
    assert closed >= opened


async def test_what_cannot_be_read_is_told_and_the_search_goes_on(make_world: WorldMaker) -> None:
    world = make_world("failed")
    log = build_log(world)
    log.with_name("01-checkout.log").unlink()
    log.with_name("01-checkout.log").mkdir()

    events = await everything(world, "binder", SearchScope(world.runs["failed"]))

    assert [event.sentence for event in events if isinstance(event, Unread)]
    assert [event.model for event in events if isinstance(event, Found)] == ["int_delays"]


async def test_a_run_without_logs_and_one_that_is_not_there(make_world: WorldMaker) -> None:
    world = make_world("queued")
    assert await everything(world, "x", SearchScope(world.runs["queued"])) == [Progress(1, 0, 1.0)]
    with pytest.raises(RunNotFound):
        await everything(world, "x", SearchScope(9_999))

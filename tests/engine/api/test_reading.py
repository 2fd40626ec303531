"""Processes that answer for the engine: how many there are, and when they end."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import psutil
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from engine.api.problems import answer_problems
from engine.api.reading.desk import ReadingDesk
from engine.api.reading.questions import CausesQuestion, LinesQuestion, Question
from store.clock import system_clock
from tests.engine.api.test_gate import problem
from tests.support.processes import kill, reading_for
from tests.support.waiting import until
from tests.worlds import World, build_world

Client = TestClient[web.Request, web.Application]


@pytest.fixture
async def world(tmp_path: Path) -> World:
    """A record whose last run has a line in its log on which an expression may work for ever."""
    world = await build_world("failed", tmp_path)
    log = next(world.paths.run(world.runs["failed"]).logs.glob("*build.log"))
    with log.open("a") as file:
        file.write(f"2026-11-21T13:02:59.000Z INFO {'a' * 60}b\n")
    return world


@asynccontextmanager
async def asked_at(world: World, at_once: int = 1, limit_s: float = 120.0) -> AsyncIterator[Client]:
    """A server that answers `/quick` at once and `/endless` never."""
    desk = ReadingDesk(world.paths.folder, system_clock, at_once, limit_s)
    run = world.runs["failed"]
    endless = LinesQuestion(run=run, step=None, model=None, level="DEBUG", grep="(a+)+$", limit=10)

    def asks(question: Question) -> web.RouteDef:
        async def handle(request: web.Request) -> web.StreamResponse:
            return await desk.answer(request, question)

        return web.get("/endless" if question is endless else "/quick", handle)

    application = web.Application(middlewares=[answer_problems])
    application.add_routes([asks(endless), asks(CausesQuestion(run=run))])
    async with TestClient(TestServer(application)) as client:
        yield client


def processes() -> list[psutil.Process]:
    """Those that answer now."""
    return reading_for(psutil.Process())


async def none_left() -> None:
    """Waits until nothing answers any more."""
    await until(lambda: not processes(), "no process is left", 10)


async def test_a_process_ends_with_who_asked_and_the_next_one_is_answered(world: World) -> None:
    async with asked_at(world) as client:
        endless = await client.get("/endless")
        assert len(processes()) == 1
        waiting = asyncio.create_task(client.get("/quick"))
        endless.close()
        answered = await waiting
        assert (answered.status, (await answered.json())["status"]) == (200, "failed")
        await none_left()


async def test_an_answer_that_broke_off_does_not_look_whole(world: World) -> None:
    async with asked_at(world) as client:
        endless = await client.get("/endless")
        (process,) = processes()
        kill(process)
        with pytest.raises(aiohttp.ClientPayloadError):
            await endless.read()
        assert (await client.get("/quick")).status == 200


async def test_nobody_waits_for_ever(world: World) -> None:
    async with asked_at(world, limit_s=10.0) as client:
        endless = await client.get("/endless")
        with pytest.raises(aiohttp.ClientPayloadError):
            await endless.read()
        await none_left()
    async with asked_at(world, limit_s=0.01) as client:
        told = await problem(await client.get("/quick"), 503)
        assert told["type"] == "urn:runroom:problem:took-too-long"


async def test_a_server_that_closes_ends_its_processes(world: World) -> None:
    async with asked_at(world) as client:
        await client.get("/endless")
        assert processes()
    await none_left()

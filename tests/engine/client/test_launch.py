"""Which engines are kept, replaced or refused; a real engine is in tests/integration/command_line."""

import asyncio
from datetime import UTC, datetime

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from engine.client.launch import connect, is_older, release, start_engine
from engine.errors import EngineTooNew, EngineUnavailable
from engine.protocol import API_VERSION, Hello
from store.migrate import LATEST
from store.paths import WorkspacePaths
from tests.engine.client.conftest import answering


def greeting(api: int = API_VERSION, version: str = "0.1.0", store_schema: int = LATEST) -> Hello:
    return Hello(
        api=api,
        version=version,
        pid=1,
        workspace="/w",
        started_at=datetime(2026, 1, 1, tzinfo=UTC),
        active_runs=0,
        store_schema=store_schema,
    )


@pytest.mark.parametrize(
    ("earlier", "later"), [("0.9.9", "0.10.0"), ("1.2", "1.2.1"), ("1.0.dev3", "1.1"), ("nonsense", "0.0.1")]
)
def test_releases_are_compared_by_their_numbers(earlier: str, later: str) -> None:
    assert release(earlier) < release(later)


@given(st.lists(st.integers(0, 999), min_size=1, max_size=4))
def test_a_release_is_its_numbers(numbers: list[int]) -> None:
    assert release(".".join(map(str, numbers)) + "rc1") == (*numbers[:-1], numbers[-1])


def test_older_is_an_earlier_protocol_or_an_earlier_release() -> None:
    assert is_older(greeting(api=API_VERSION - 1, version="99.0"))
    assert is_older(greeting(version="0.0.9"))
    assert is_older(greeting(store_schema=LATEST - 1))
    assert is_older(greeting().model_copy(update={"store_schema": 0}))
    assert not is_older(greeting())
    assert not is_older(greeting(version="99.0"))


@pytest.mark.parametrize("newer", [{"api": API_VERSION + 1}, {"store_schema": LATEST + 1}])
async def test_a_newer_protocol_or_store_is_refused_with_both_versions(
    paths: WorkspacePaths, newer: dict[str, int]
) -> None:
    async def hello(_: web.Request) -> web.Response:
        return web.Response(text=greeting(version="99.0").model_copy(update=newer).model_dump_json())

    async with answering(paths, "GET", "/v1/hello", hello):
        with pytest.raises(EngineTooNew, match=r"is of Runroom 99\.0, newer than this one \(\d"):
            await connect(paths)


async def test_an_engine_that_dies_leaves_its_last_words(paths: WorkspacePaths) -> None:
    await asyncio.to_thread(paths.engine_log.write_text, "2026-01-01 00:00:00,000 CRITICAL an old story\n")
    paths.engine_lock.mkdir()  # a folder in the place of the lock: no engine can hold it
    with pytest.raises(EngineUnavailable, match="The engine did not start: ") as caught:
        await start_engine(paths)
    assert "an old story" not in str(caught.value)
    assert "engine.lock" in str(caught.value)
    assert str(caught.value).count("\n") == 0

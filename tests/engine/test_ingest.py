"""From the journal to the store: every event once, whatever state the file is in."""

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine import ingest as module
from engine.ingest import Ingested, ingest
from engine.journal import Journal
from engine.redaction import Redactor
from store.events import AnyEvent, ModelStarted, Notice, to_line
from store.reads import StoreReader
from store.status import RunStatus
from store.writes import StoreWriter
from tests.simulated_run import Scenario, run_events
from tests.store.making import BEGIN, finished, moment, request, started
from tests.support.dumping import dump

NOW = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.fixture
async def writer(tmp_path: Path) -> AsyncIterator[StoreWriter]:
    """A store in which run #1 was asked for."""
    async with StoreWriter.open(tmp_path / "store.db") as opened:
        await opened.create_run(request(1))
        yield opened


@pytest.fixture
async def reader(tmp_path: Path, writer: StoreWriter) -> AsyncIterator[StoreReader]:
    """A reader of that store."""
    async with StoreReader.open(tmp_path / "store.db") as opened:
        yield opened


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    """The journal of run #1."""
    return tmp_path / "events.jsonl"


async def take_in(writer: StoreWriter, journal: Path) -> Ingested:
    return await ingest(writer, 1, journal, lambda: NOW)


def text_of(found: Sequence[AnyEvent]) -> bytes:
    return b"".join(to_line(event.model_copy(update={"seq": number})) for number, event in enumerate(found, 1))


async def notices(reader: StoreReader) -> list[str]:
    return [notice.text for notice in await reader.notices(1)]


async def test_a_whole_journal(writer: StoreWriter, reader: StoreReader, journal: Path) -> None:
    text = text_of([started(), ModelStarted(ts=moment(1), model="a"), finished()])
    journal.write_bytes(text)

    ingested = await take_in(writer, journal)

    assert ingested.events == 3
    assert ingested.change == await reader.change()
    assert (await reader.run(1)).status is RunStatus.COMPLETED
    assert (await writer.journal_position(1)).offset == len(text)
    assert await take_in(writer, journal) == Ingested(None, 0)


async def test_a_journal_that_is_not_there_yet(writer: StoreWriter, journal: Path) -> None:
    assert await take_in(writer, journal) == Ingested(None, 0)


async def test_a_torn_last_line_is_waited_for(writer: StoreWriter, reader: StoreReader, journal: Path) -> None:
    text = text_of([started(), finished()])
    journal.write_bytes(text[:-20])
    assert (await take_in(writer, journal)).events == 1
    assert await take_in(writer, journal) == Ingested(None, 0)
    assert (await reader.run(1)).status is RunStatus.RUNNING

    journal.write_bytes(text)

    await take_in(writer, journal)

    assert (await reader.run(1)).status is RunStatus.COMPLETED
    assert await notices(reader) == []


@pytest.mark.parametrize(
    "bad", [b"not json", b'{"v":1', b"\xff\xfe", b'{"type":"notice"}', b"half a li\rne", b'{"type":"model.started"}']
)
async def test_an_unreadable_line_is_a_notice_and_stops_nothing(
    writer: StoreWriter, reader: StoreReader, journal: Path, bad: bytes
) -> None:
    first, last = text_of([started()]), text_of([started(), finished()]).split(b"\n")[1]
    journal.write_bytes(first + bad + b"\n" + last + b"\n")

    await take_in(writer, journal)

    (text,) = await notices(reader)
    assert text.startswith(f"The journal's line at byte {len(first)} is unreadable: ")
    assert (await reader.run(1)).status is RunStatus.COMPLETED


async def test_an_unreadable_line_is_told_once_though_it_is_read_twice(
    writer: StoreWriter, reader: StoreReader, journal: Path
) -> None:
    """Two who read one journal at the same time: the second finds that all of it is there."""
    text = text_of([started()]) + b"not json\n"
    journal.write_bytes(text)
    entries = list(module._entries(text, 0, lambda: NOW))

    await writer.apply(1, entries, len(text))
    await writer.apply(1, entries, len(text))

    assert len(await notices(reader)) == 1


async def test_an_unknown_type_is_skipped_without_a_word(
    writer: StoreWriter, reader: StoreReader, journal: Path
) -> None:
    journal.write_bytes(
        text_of([started()]) + b'{"v":9,"seq":2,"type":"model.dreamt","of":"sheep"}\n\n' + text_of([finished()])
    )

    await take_in(writer, journal)

    assert (await reader.run(1)).status is RunStatus.COMPLETED
    assert await notices(reader) == []


async def test_a_transition_that_cannot_be_is_a_notice(writer: StoreWriter, reader: StoreReader, journal: Path) -> None:
    journal.write_bytes(
        text_of([started(), started(), ModelStarted(ts=moment(1), model="a"), finished(), finished(RunStatus.FAILED)])
    )

    await take_in(writer, journal)

    run = await reader.run(1)
    assert (run.status, run.counts.models_cancelled) == (RunStatus.COMPLETED, 1)
    assert await notices(reader) == [
        "The journal claims what cannot be: run 1 cannot go from running to running",
        "The journal claims what cannot be: run 1 cannot go from completed to failed",
    ]


async def test_an_end_that_cannot_be_is_no_end(writer: StoreWriter, reader: StoreReader, journal: Path) -> None:
    journal.write_bytes(text_of([finished()]))

    await take_in(writer, journal)

    assert await notices(reader) == ["The journal claims what cannot be: run 1 cannot go from queued to completed"]
    assert (await reader.run(1)).status is RunStatus.QUEUED


async def test_a_journal_that_grows_byte_by_byte(writer: StoreWriter, tmp_path: Path, journal: Path) -> None:
    events = [*run_events(Scenario(BEGIN, pace=0.1))[:6], finished()]
    text = text_of(events[:2]) + b"not json\n" + text_of(events)[len(text_of(events[:2])) :]
    with journal.open("wb", buffering=0) as file:
        for number in range(len(text)):
            file.write(text[number : number + 1])
            await take_in(writer, journal)
    other = tmp_path / "other.db"
    async with StoreWriter.open(other) as at_once:
        await at_once.create_run(request(1))
        await take_in(at_once, journal)

    assert dump(tmp_path / "store.db") == dump(other)


async def test_a_long_journal_comes_in_portions(
    writer: StoreWriter, reader: StoreReader, journal: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_BYTES_AT_ONCE", 150)
    long = Notice(ts=moment(1), text="x" * 1000)
    journal.write_bytes(text_of([started(), long, long, finished()]))

    assert (await take_in(writer, journal)).events == 4
    assert await notices(reader) == [long.text, long.text]
    assert await reader.change() > 3


async def test_the_engine_ends_a_journal_whose_worker_died_in_the_midst_of_a_line(
    writer: StoreWriter, reader: StoreReader, journal: Path
) -> None:
    journal.write_bytes(text_of([started(), Notice(ts=moment(1), text="half")])[:-10])
    await take_in(writer, journal)
    position = await writer.journal_position(1)

    with Journal(journal, Redactor({}), position.seq) as ended:
        ended.append(finished(RunStatus.ERROR, reason="worker disappeared"))
    await take_in(writer, journal)

    run = await reader.run(1)
    assert (run.status, run.status_reason) == (RunStatus.ERROR, "worker disappeared")
    assert len(await notices(reader)) == 1

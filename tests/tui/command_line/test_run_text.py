"""What the page of a run says beyond what each of its lines does."""

from pathlib import Path

from store.clock import system_clock
from store.events import AuditFinished, Graph, GraphNode, ModelFinished, SourceFound
from store.reads import StoreReader
from store.run_json import run_summary
from store.status import AuditStatus, ModelStatus, RunStatus
from store.triage import Action
from store.writes import StoreWriter
from tests.store.making import finished, happen, moment, request, started
from tui.command_line.run_text import describe_run

REMOTE = "git@github.com:acme/flights.git"


async def test_the_commit_has_its_author_its_message_and_its_page(tmp_path: Path) -> None:
    database = tmp_path / "store.db"
    found = SourceFound(
        ts=moment(1),
        branch="main",
        commit="a1b2c3d4e5f6",
        commit_author="Anna",
        commit_message="Count\x1b[31m red",
        remote=REMOTE,
    )
    async with StoreWriter.open(database) as writer, StoreReader.open(database) as reader:
        await writer.create_run(request(1))
        await happen(writer, 1, started(), found, finished())
        run = await reader.run(1)
        lines = await describe_run(reader, run, system_clock())
        shown = run_summary(run, system_clock())

    assert "  web      https://github.com/acme/flights/commit/a1b2c3d4e5f6" in lines
    (commit,) = [line for line in lines if line.startswith("  commit ")]
    assert commit.startswith("  commit   main@a1b2c3d4e5 by Anna: Count")
    assert "\x1b" not in commit
    assert shown["commit_url"] == "https://github.com/acme/flights/commit/a1b2c3d4e5f6"
    assert shown["branch_url"] == "https://github.com/acme/flights/tree/main"


async def test_what_took_a_model_down_has_the_name_that_people_use(tmp_path: Path) -> None:
    database = tmp_path / "store.db"
    flights, delays, check = "model.shop.flights", "model.shop.delays", "test.shop.not_null_flights_day.082a6c776f"
    nodes = (
        GraphNode(model=flights, name="flights", kind="model"),
        GraphNode(model=delays, name="delays", kind="model"),
    )
    failed = AuditFinished(ts=moment(2), audit=check, name="not_null", model=flights, status=AuditStatus.FAILED)
    skipped = ModelFinished(ts=moment(3), model=delays, status=ModelStatus.SKIPPED, cause=check)
    async with StoreWriter.open(database) as writer, StoreReader.open(database) as reader:
        await writer.create_run(request(1))
        await happen(writer, 1, started(), Graph(ts=moment(1), nodes=nodes), failed, skipped, finished())
        lines = await describe_run(reader, await reader.run(1), system_clock())

    assert "  ↷ delays  ← not_null on flights" in lines
    assert not [line for line in lines if "082a6c776f" in line]


async def test_who_acknowledged_a_failure_is_named_with_the_words_of_the_note(tmp_path: Path) -> None:
    database = tmp_path / "store.db"
    noted = Action(
        at=moment(20), author="anna", action="acknowledge", run_id=1, detail="**known**, see [#42](x)\n\nmore"
    )
    async with StoreWriter.open(database) as writer, StoreReader.open(database) as reader:
        await writer.create_run(request(1))
        await happen(writer, 1, started(), finished(RunStatus.FAILED))
        before = await describe_run(reader, await reader.run(1), moment(20))
        await writer.record_action(noted)
        lines = await describe_run(reader, await reader.run(1), moment(20 + 3 * 3600))

    assert "  acknowledged by anna 3h ago: known, see #42" in lines
    assert not [line for line in before if "acknowledged" in line]

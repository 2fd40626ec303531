"""What the page of a run says of its commit."""

from pathlib import Path

from store.clock import system_clock
from store.events import SourceFound
from store.reads import StoreReader
from store.run_json import run_summary
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

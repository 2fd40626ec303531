"""One table decides how a run may go from status to status."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.errors import IllegalTransition, RunNotFound
from store.reads import StoreReader
from store.status import ACTIVE, BAD, EXECUTING, GOOD, TERMINAL, TRANSITIONS, RunStatus, is_legal
from store.writes import StoreWriter
from tests.store.making import finished, happen, numbered, request, started, stopping
from tests.support.dumping import dump


def test_every_status_has_its_line_in_the_table() -> None:
    assert set(TRANSITIONS) == set(RunStatus)
    assert set(RunStatus) == ACTIVE | TERMINAL
    assert GOOD | BAD | {RunStatus.CANCELLED, RunStatus.SKIPPED} == TERMINAL
    assert EXECUTING < ACTIVE


@given(st.data())
def test_every_legal_path_ends_in_a_terminal_status(data: st.DataObject) -> None:
    status = data.draw(st.sampled_from(sorted(ACTIVE)))
    passed = [status]
    while TRANSITIONS[status]:
        status = data.draw(st.sampled_from(sorted(TRANSITIONS[status])))
        assert status not in passed
        passed.append(status)

    assert status in TERMINAL


@given(st.sampled_from(sorted(TERMINAL)), st.sampled_from(sorted(RunStatus)))
def test_nothing_leaves_a_terminal_status(before: RunStatus, after: RunStatus) -> None:
    assert not is_legal(before, after)


def test_only_a_run_that_never_started_can_be_skipped() -> None:
    assert is_legal(RunStatus.QUEUED, RunStatus.SKIPPED)
    assert not is_legal(RunStatus.RUNNING, RunStatus.SKIPPED)
    assert not is_legal(RunStatus.QUEUED, RunStatus.COMPLETED)


@pytest.mark.parametrize("status", sorted(TERMINAL))
async def test_the_writer_takes_the_transitions_of_the_table_and_no_others(
    writer: StoreWriter, reader: StoreReader, database: Path, status: RunStatus
) -> None:
    await writer.create_run(request(1))
    if not is_legal(RunStatus.QUEUED, status):
        await happen(writer, 1, started(), stopping())
    await happen(writer, 1, finished(status))
    assert (await reader.run(1)).status is status
    before, change = dump(database), await reader.change()

    for event in (started(20), stopping(20), finished(RunStatus.COMPLETED, 20)):
        with pytest.raises(IllegalTransition, match=f"cannot go from {status}"):
            await happen(writer, 1, event)

    assert dump(database) == before
    assert await reader.change() == change


async def test_an_illegal_event_undoes_the_legal_ones_before_it(writer: StoreWriter, database: Path) -> None:
    await writer.create_run(request(1))
    before = dump(database)

    entries = numbered([started(), finished(), stopping()])
    with pytest.raises(IllegalTransition):
        await writer.apply(1, entries, entries[-1].end)

    assert dump(database) == before


async def test_events_of_a_run_that_was_never_asked_for_are_refused(writer: StoreWriter, database: Path) -> None:
    before = dump(database)
    entries = numbered([started()])

    with pytest.raises(RunNotFound, match="#7"):
        await writer.apply(7, entries, entries[-1].end)

    assert dump(database) == before

"""What belongs to the record of one run."""

import pytest

from store.reads import StoreReader
from store.run_record import read_record
from store.status import RunStatus
from store.writes import StoreWriter
from tests.store.making import finished_run


@pytest.mark.parametrize(("rerun_of", "expected"), [(1, True), (None, False)])
async def test_a_later_run_of_the_job_is_no_run_again(
    writer: StoreWriter, reader: StoreReader, rerun_of: int | None, expected: bool
) -> None:
    await finished_run(writer, 1, RunStatus.FAILED)
    await finished_run(writer, 2, RunStatus.FAILED, rerun_of=rerun_of)
    await finished_run(writer, 3, RunStatus.COMPLETED, rerun_of=rerun_of and 2)

    record = await read_record(reader, 1)

    assert record.run.superseded_by == 3
    assert record.was_run_again == expected

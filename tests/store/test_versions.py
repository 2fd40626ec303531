"""What the store keeps of versions, of what changed between them, and of runs that others took the place of."""

from store.changes import ChangeDetails, SettingChange, VersionChanges
from store.events import Changes, ModelChange, VersionRecorded
from store.models import RunOptions
from store.reads import StoreReader
from store.status import RunStatus
from store.writes import StoreWriter
from tests.store.making import finished, finished_run, happen, moment, request, started


async def test_a_run_knows_its_version(writer: StoreWriter, reader: StoreReader) -> None:
    await writer.create_run(request(1))
    await happen(writer, 1, started(), VersionRecorded(ts=moment(1), version="4b825dc"))

    assert (await reader.run(1)).version == "4b825dc"


async def test_what_changed_beyond_the_models_is_kept(writer: StoreWriter, reader: StoreReader) -> None:
    settings = (SettingChange(name="threads", before="4", after="8"),)
    details = ChangeDetails(previous=VersionChanges(run=7, settings=settings))
    changed = ModelChange(model="model.a", change="added", diff="+select 1")
    await writer.create_run(request(1))
    await happen(
        writer, 1, started(), Changes(ts=moment(1), changes=(changed,), details=details.as_details()), finished()
    )

    assert await reader.change_details(1) == details
    assert await reader.changes(1) == [changed]


async def test_a_run_without_a_comparison_has_no_details(writer: StoreWriter, reader: StoreReader) -> None:
    await finished_run(writer, 1, RunStatus.COMPLETED)

    assert await reader.change_details(1) == ChangeDetails()


async def test_a_re_run_that_goes_well_takes_the_place_of_all_that_it_runs_again(
    writer: StoreWriter, reader: StoreReader
) -> None:
    await finished_run(writer, 1, RunStatus.FAILED)
    await finished_run(writer, 2, RunStatus.FAILED, rerun_of=1)
    await finished_run(writer, 3, RunStatus.PARTIAL, rerun_of=2)

    assert [(await reader.run(run)).superseded_by for run in (1, 2, 3)] == [3, 3, None]


async def test_neither_a_failure_nor_a_repair_takes_a_run_s_place(writer: StoreWriter, reader: StoreReader) -> None:
    await finished_run(writer, 1, RunStatus.CANCELLED)
    await finished_run(writer, 2, RunStatus.FAILED, rerun_of=1)
    await finished_run(writer, 3, RunStatus.COMPLETED, rerun_of=1, options=RunOptions(repair_of=1))

    assert (await reader.run(1)).superseded_by is None


async def test_a_run_that_went_well_is_not_superseded(writer: StoreWriter, reader: StoreReader) -> None:
    await finished_run(writer, 1, RunStatus.COMPLETED)
    await finished_run(writer, 2, RunStatus.COMPLETED, rerun_of=1)

    assert (await reader.run(1)).superseded_by is None

"""The stages of a run end with it."""

import pytest

from store import events
from store.reads import StoreReader
from store.status import RunStatus
from store.writes import StoreWriter
from tests.store.making import BEGIN, finished, happen, request, started


def phase(done: int, state: events.PhaseState = "running", name: str = "evaluation") -> events.PhaseProgress:
    return events.PhaseProgress.model_validate({"ts": BEGIN, "phase": name, "state": state, "done": done, "total": 29})


@pytest.mark.parametrize(
    ("status", "state"), [(RunStatus.CANCELLED, "cancelled"), (RunStatus.FAILED, "failed"), (RunStatus.ERROR, "failed")]
)
async def test_no_phase_goes_on_after_its_run(
    writer: StoreWriter, reader: StoreReader, status: RunStatus, state: events.PhaseState
) -> None:
    run_id = 1
    await writer.create_run(request(run_id))
    physical = phase(29, "succeeded", "physical")
    await happen(writer, run_id, started(), physical, phase(0), phase(3), finished(status))

    found = {each.phase: each for each in await reader.phases(run_id)}

    assert (found["physical"].state, found["evaluation"].state) == ("succeeded", state)
    assert (found["evaluation"].done, found["evaluation"].total) == (3, 29)
    assert found["evaluation"].finished_at is not None

"""Which queued runs may start: the rules hold whatever is asked for."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.queue import Start, Wait, collision, decide
from store.models import Counts, Run, RunOptions
from store.status import RunStatus
from tests.store.making import moment


def run(
    run_id: int, environment: str = "prod", job: str | None = "nightly", status: RunStatus = RunStatus.QUEUED
) -> Run:
    unknown = dict.fromkeys(set(Run.model_fields) - {"counts", "options", "priority", "attempt"})
    known = {
        "id": run_id, "kind": "run", "name": "n", "project": "flights", "environment": environment, "job": job,
        "status": status, "trigger": "manual", "tool": "dbt", "created_at": moment(run_id), "change": 1,
    }  # fmt: skip
    return Run.model_validate(unknown | known | {"counts": Counts(), "options": RunOptions()})


places = st.sampled_from(["prod", "staging", "dev"])


@given(st.lists(places, max_size=8), st.integers(1, 4), st.data())
def test_the_rules_hold_until_the_queue_is_empty(wanted: Sequence[str], most: int, data: st.DataObject) -> None:
    queued = [run(number, place) for number, place in enumerate(wanted, 1)]
    going: list[Run] = []
    order: list[Run] = []
    while queued or going:
        decisions = decide(data.draw(st.permutations(queued)), going, most)
        assert [decision.run_id for decision in decisions] == [item.id for item in queued]
        started = {decision.run_id for decision in decisions if isinstance(decision, Start)}
        order += [item for item in queued if item.id in started]
        going += [item for item in queued if item.id in started]
        queued = [item for item in queued if item.id not in started]
        assert len(going) <= most
        assert len({item.environment for item in going}) == len(going)
        for decision in decisions:
            if isinstance(decision, Wait):
                assert decision.waits_for in {item.id for item in going}
        assert going, "something goes on as long as anything waits"
        going.remove(data.draw(st.sampled_from(going)))

    for place in set(wanted):
        ours = [item.id for item in order if item.environment == place]
        assert ours == sorted(ours), "who came first is served first"


def test_who_waits_is_told_for_whom_and_why() -> None:
    executing = [run(1, "prod", status=RunStatus.RUNNING), run(2, "staging", status=RunStatus.STOPPING)]

    assert decide([run(3, "prod"), run(4, "dev")], executing, 2) == [
        Wait(3, 1, "waits for #1, which works in flights/prod"),
        Wait(4, 1, "waits for a free slot (2 of 2 in use)"),
    ]


def test_a_run_that_waits_for_its_place_does_not_hold_up_others() -> None:
    executing = [run(1, "prod", status=RunStatus.RUNNING)]

    assert decide([run(2, "prod"), run(3, "dev")], executing, 2) == [
        Wait(2, 1, "waits for #1, which works in flights/prod"),
        Start(3),
    ]


def test_a_free_slot_goes_to_who_came_first() -> None:
    assert decide([run(3, "dev"), run(2, "prod")], [run(1, "staging", status=RunStatus.RUNNING)], 2)[0] == Start(2)


ACTIVE = [run(1, job="hourly", status=RunStatus.RUNNING), run(2, status=RunStatus.RUNNING), run(3, "dev", job=None)]


@pytest.mark.parametrize(
    ("job", "environment", "other"),
    [
        ("nightly", "prod", 2),
        ("hourly", "prod", 1),
        ("nightly", "dev", None),
        ("weekly", "prod", None),
        (None, "dev", None),
    ],
)
def test_a_job_does_not_run_twice_at_once(job: str | None, environment: str, other: int | None) -> None:
    found = collision(job, "flights", environment, ACTIVE)

    assert (found.id if found else None) == other

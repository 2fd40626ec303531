"""Which queued runs may start: the rules hold whatever is asked for."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.queue import Start, Wait, collision, decide
from store.models import Counts, Environment, Run, RunOptions
from store.status import RunStatus
from tests.store.making import moment


def run(
    run_id: int, environment: str = "prod", job: str | None = "nightly", status: RunStatus = RunStatus.QUEUED
) -> Run:
    unknown = {name: None for name, field in Run.model_fields.items() if field.is_required()}
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
    found = collision(run(9, environment, job), ACTIVE)

    assert (found.id if found else None) == other


def test_a_retry_that_is_yet_to_come_is_in_nobodys_way() -> None:
    assert collision(run(9), [run(1, status=RunStatus.SCHEDULED)]) is None


def test_who_weighs_more_goes_first() -> None:
    urgent = run(3, "staging").model_copy(update={"priority": 5})

    assert [decision.run_id for decision in decide([run(1), run(2, "dev"), urgent], [], 3)] == [3, 1, 2]
    assert decide([run(1), urgent], [], 1)[0] == Start(3)


def test_an_environment_takes_as_many_as_it_says_but_never_a_job_twice() -> None:
    prod = Environment(project="flights", name="prod", max_concurrent_runs=2)
    going = [run(1, job="hourly", status=RunStatus.RUNNING)]

    assert decide([run(2, job="nightly"), run(3, job="weekly")], going, 9, [prod]) == [
        Start(2),
        Wait(3, 1, "waits for a place in flights/prod (2 of 2 in use)"),
    ]
    assert decide([run(2, job="hourly")], going, 9, [prod]) == [Wait(2, 1, "waits for #1 of the same job")]


def test_two_ci_jobs_for_one_request_wait_for_each_other_wherever_they_work() -> None:
    def checking(run_id: int, environment: str, job: str, branch: str) -> Run:
        return run(run_id, environment, job).model_copy(update={"job_type": "ci", "branch": branch})

    first = checking(1, "dev", "check", "pull/7")
    second, other = checking(2, "staging", "lint", "pull/7"), checking(3, "prod", "lint", "pull/8")

    assert decide([second, other], [first], 4) == [
        Wait(2, 1, "waits for #1, which checks pull/7 too"),
        Start(3),
    ]
    assert decide([run(4, "staging").model_copy(update={"branch": "pull/7"})], [first], 4) == [Start(4)]

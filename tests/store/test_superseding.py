"""A run makes a failed one good when it built what had failed there, and only then."""

import pytest

from store.events import AnyEvent, AuditFinished, Graph, GraphAudit, GraphNode, ModelFinished
from store.models import GitHead
from store.reads import StoreReader
from store.status import AuditStatus, ModelStatus, RunStatus
from store.writes import StoreWriter
from tests.store.making import finished, finished_run, happen, moment, request, started


def graph(*models: str, selected: bool = True) -> Graph:
    nodes = tuple(GraphNode(model=name, name=name, kind="model", selected=selected) for name in models)
    audits = tuple(GraphAudit(audit=f"check_{name}", name=f"check_{name}", model=name) for name in models)
    return Graph(ts=moment(0), nodes=nodes, audits=audits)


def model(name: str, status: ModelStatus = ModelStatus.SUCCEEDED) -> ModelFinished:
    return ModelFinished(ts=moment(2), model=name, status=status)


def audit(name: str, status: AuditStatus = AuditStatus.PASSED, blocking: bool = True) -> AuditFinished:
    return AuditFinished(ts=moment(3), audit=f"check_{name}", name=f"check_{name}", status=status, blocking=blocking)


FAILED_MODEL, FAILED_AUDIT = model("a", ModelStatus.FAILED), audit("b", AuditStatus.FAILED)


async def a_run(
    writer: StoreWriter, number: int, *found: AnyEvent, status: RunStatus = RunStatus.COMPLETED, **changes: object
) -> None:
    await writer.create_run(request(number, **changes))
    await happen(writer, number, started(), *found, finished(status))


async def an_applied_plan(
    writer: StoreWriter, number: int, *found: AnyEvent, status: RunStatus = RunStatus.COMPLETED, **changes: object
) -> None:
    """One that was asked for without a job."""
    wanted = {"kind": "plan", "job": None, "job_type": None, "options": {"apply": True}} | changes
    await writer.create_run(request(number, **wanted))
    await happen(writer, number, started(), *found, finished(status))


async def a_failed_run(writer: StoreWriter, number: int = 1, **changes: object) -> None:
    """One in which a model and an audit failed."""
    found = (graph("a", "b", "c"), FAILED_MODEL, FAILED_AUDIT, model("b"))
    await a_run(writer, number, *found, status=RunStatus.FAILED, **changes)


async def test_a_run_of_another_job_that_built_all_that_failed_makes_it_good(
    writer: StoreWriter, reader: StoreReader
) -> None:
    await a_failed_run(writer)
    await a_run(writer, 2, model("a"), audit("b", AuditStatus.WARNED), status=RunStatus.PARTIAL, job="hourly")

    assert (await reader.run(1)).superseded_by == 2
    assert await reader.triage.unhandled() == {}


@pytest.mark.parametrize(
    "built",
    [
        (),
        (graph("a", "b", "c", selected=False),),
        (model("a"),),
        (audit("b"),),
        (model("c"), model("b")),
        (model("a"), audit("b", AuditStatus.SKIPPED)),
        (model("a", ModelStatus.SKIPPED), audit("b")),
    ],
    ids=["silent", "nothing", "only the model", "only the audit", "others", "audit skipped", "model skipped"],
)
@pytest.mark.parametrize("select", [[], ["x"]], ids=["whole", "narrowed"])
async def test_a_run_that_did_not_build_it_does_not(
    writer: StoreWriter, reader: StoreReader, built: tuple[AnyEvent, ...], select: list[str]
) -> None:
    await a_failed_run(writer)
    await a_run(writer, 2, *built, options={"select": select})
    await a_run(writer, 3, *built, options={"select": select}, rerun_of=1)

    assert (await reader.run(1)).superseded_by is None
    assert await reader.triage.unhandled() == {("flights", "prod"): 1}


async def test_it_is_of_its_environment_and_its_request_alone(writer: StoreWriter, reader: StoreReader) -> None:
    seven, eight = (GitHead(ref=f"refs/pull/{number}/head", commit="c0ffee") for number in (7, 8))
    await a_failed_run(writer, 1)
    await a_failed_run(writer, 2, job_type="ci", head=seven)
    good = (model("a"), audit("b"))
    await a_run(writer, 3, *good, environment="dev")
    await a_run(writer, 4, *good, job_type="ci", head=eight)
    assert [(await reader.run(number)).superseded_by for number in (1, 2)] == [None, None]

    await a_run(writer, 5, *good, job_type="ci", head=seven)
    assert [(await reader.run(number)).superseded_by for number in (1, 2)] == [None, 5]
    await a_run(writer, 6, *good)
    assert (await reader.run(1)).superseded_by == 6


async def test_what_the_project_has_no_more_need_not_be_built(writer: StoreWriter, reader: StoreReader) -> None:
    await a_failed_run(writer)
    await a_run(writer, 2, graph("b", "c"), model("b"), audit("b"))

    assert (await reader.run(1)).superseded_by == 2


async def test_a_step_that_failed_is_made_good_by_the_same_job_as_widely(
    writer: StoreWriter, reader: StoreReader
) -> None:
    await finished_run(writer, 1, RunStatus.FAILED)
    await a_run(writer, 2, graph("a"), model("a"), job="hourly")
    await a_run(writer, 3, graph("a"), model("a"), options={"select": ["a"]})
    await a_run(writer, 4, graph("a", selected=False))
    assert (await reader.run(1)).superseded_by is None

    await a_run(writer, 5, graph("a"), model("a"), status=RunStatus.PARTIAL)
    assert (await reader.run(1)).superseded_by == 5


async def test_a_job_that_never_builds_models_makes_its_failures_good(writer: StoreWriter, reader: StoreReader) -> None:
    await finished_run(writer, 1, RunStatus.FAILED, steps=("compile",))
    await finished_run(writer, 2, RunStatus.COMPLETED, steps=("compile",))

    assert (await reader.run(1)).superseded_by == 2


async def test_a_narrowed_run_is_made_good_by_one_that_is_narrowed_alike(
    writer: StoreWriter, reader: StoreReader
) -> None:
    await finished_run(writer, 1, RunStatus.FAILED, options={"select": ["a"]})
    await a_run(writer, 2, graph("a"), model("a"), options={"select": ["b"]})
    assert (await reader.run(1)).superseded_by is None
    await a_run(writer, 3, graph("a"), model("a"), options={"select": ["a"]})
    assert (await reader.run(1)).superseded_by == 3


async def test_a_lost_run_is_made_good_by_a_rerun_of_all_that_it_had_not_built(
    writer: StoreWriter, reader: StoreReader
) -> None:
    await a_run(writer, 1, graph("a", "b", "c"), model("a"), status=RunStatus.ERROR)
    await a_run(writer, 2, model("b"), rerun_of=1, options={"select": ["b"]})
    assert (await reader.run(1)).superseded_by is None
    await a_run(writer, 3, model("b"), model("c"), rerun_of=1, options={"select": ["b", "c"]})
    assert (await reader.run(1)).superseded_by == 3


async def test_an_applied_plan_makes_failed_plans_of_no_job_good(writer: StoreWriter, reader: StoreReader) -> None:
    await an_applied_plan(writer, 1, status=RunStatus.FAILED)
    await an_applied_plan(writer, 2, FAILED_MODEL, status=RunStatus.FAILED)
    await an_applied_plan(writer, 3, options={})
    await an_applied_plan(writer, 4, options={"apply": True, "select": ["b"]})
    await an_applied_plan(writer, 5, environment="dev")
    assert [(await reader.run(number)).superseded_by for number in (1, 2)] == [None, None]

    await an_applied_plan(writer, 6)

    assert [(await reader.run(number)).superseded_by for number in (1, 2)] == [6, 6]


async def test_only_the_stopped_tries_before_a_rerun_give_way_to_it_whatever_it_built(
    writer: StoreWriter, reader: StoreReader
) -> None:
    await a_run(writer, 1, graph("a"), status=RunStatus.CANCELLED)
    await a_run(writer, 2, graph("a", selected=False), rerun_of=1)
    assert (await reader.run(1)).superseded_by is None
    await a_run(writer, 3, graph("a"), model("a"), rerun_of=1)
    assert (await reader.run(1)).superseded_by == 3


async def test_a_run_that_built_nothing_says_so(writer: StoreWriter, reader: StoreReader) -> None:
    await a_run(writer, 1, graph("a", selected=False), options={"select": ["nope"]})
    await a_run(writer, 2, graph("a"), model("a"), options={"select": ["a"]})
    await a_run(writer, 3, graph("a", selected=False))
    await a_run(writer, 4, steps=("compile",), options={"select": ["a"]})

    runs = [await reader.run(number) for number in (1, 2, 3, 4)]
    assert [run.built_nothing for run in runs] == [True, False, True, False]
    assert [run.missed_its_selection for run in runs] == [True, False, False, False]

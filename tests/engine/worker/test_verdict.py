"""How a run ended: one table."""

import pytest

from engine.adapters.base import StepOutcome
from engine.worker.stop import StopSignal, StopWish
from engine.worker.verdict import Tally, Verdict, verdict
from store.events import AnyEvent, AuditFinished, Graph, GraphNode, ModelFinished, ModelStarted
from store.status import AuditStatus, ModelStatus, RunStatus, StepStatus
from tests.store.making import BEGIN

GOOD = StepOutcome(StepStatus.SUCCEEDED, 0)
BAD = StepOutcome(StepStatus.FAILED, 1, "int_delays: no such column")
STOPPED = StepOutcome(StepStatus.CANCELLED, -2)
CANCEL = StopWish("cancel", "stopped by anna")
TIMEOUT = StopWish("timeout", "timed out after 60 s")


def audit(name: str, status: AuditStatus, blocking: bool = True) -> AuditFinished:
    return AuditFinished(ts=BEGIN, audit=f"test.{name}", name=name, status=status, blocking=blocking)


def begun(model: str) -> ModelStarted:
    return ModelStarted(ts=BEGIN, model=model)


def ended(model: str, interrupted: bool = False) -> ModelFinished:
    return ModelFinished(ts=BEGIN, model=model, status=ModelStatus.SUCCEEDED, interrupted=interrupted)


def tally(*found: AnyEvent) -> Tally:
    heard = Tally()
    for event in found:
        heard.hear(event)
    return heard


GRAPH = Graph(
    ts=BEGIN,
    nodes=tuple(
        GraphNode(model=f'"db"."{schema}"."flights"', name=f"{schema}.flights", kind="model")
        for schema in ("raw", "staging", "core")
    ),
)
WARNING = audit("late", AuditStatus.WARNED, blocking=False)


@pytest.mark.parametrize(
    ("outcomes", "wish", "heard", "expected"),
    [
        ([GOOD, GOOD], None, tally(), Verdict(RunStatus.COMPLETED)),
        ([GOOD, BAD], None, tally(), Verdict(RunStatus.FAILED, BAD.reason)),
        ([GOOD, BAD], None, tally(WARNING), Verdict(RunStatus.FAILED, BAD.reason)),
        ([GOOD], None, tally(WARNING), Verdict(RunStatus.PARTIAL, "1 audit warned: late")),
        (
            [GOOD],
            None,
            tally(WARNING, audit("old", AuditStatus.FAILED, blocking=False), audit("fine", AuditStatus.PASSED)),
            Verdict(RunStatus.PARTIAL, "2 audits warned: late, old"),
        ),
        (
            [GOOD],
            None,
            tally(*(audit(f"a{number}", AuditStatus.WARNED) for number in range(7))),
            Verdict(RunStatus.PARTIAL, "7 audits warned: a0, a1, a2, a3, a4 and 2 more"),
        ),
        (
            [GOOD],
            None,
            tally(WARNING, WARNING.model_copy(update={"audit": "test.late.other"}), WARNING),
            Verdict(RunStatus.PARTIAL, "2 audits warned: late (2 times)"),
        ),
        ([], None, tally(), Verdict(RunStatus.FAILED, "the run has no steps")),
        ([GOOD, STOPPED], CANCEL, tally(), Verdict(RunStatus.CANCELLED, "stopped by anna")),
        ([GOOD, STOPPED], TIMEOUT, tally(), Verdict(RunStatus.FAILED, "timed out after 60 s")),
        (
            [STOPPED],
            CANCEL,
            tally(begun("model.flights.a"), begun('"db"."main"."b"'), begun("m.c"), ended("m.c", interrupted=True)),
            Verdict(RunStatus.CANCELLED, "stopped by anna; may be half-updated: c, a, b"),
        ),
        (
            [STOPPED],
            CANCEL,
            tally(GRAPH, begun('"db"."raw"."flights"'), begun('"db"."core"."flights"')),
            Verdict(RunStatus.CANCELLED, "stopped by anna; may be half-updated: raw.flights, core.flights"),
        ),
        ([STOPPED], CANCEL, tally(begun("m.a"), ended("m.a")), Verdict(RunStatus.CANCELLED, "stopped by anna")),
        ([GOOD, GOOD], CANCEL, tally(), Verdict(RunStatus.COMPLETED)),
        ([GOOD, BAD], CANCEL, tally(), Verdict(RunStatus.FAILED, BAD.reason)),
        ([STOPPED], None, tally(), Verdict(RunStatus.FAILED, None)),
    ],
)
def test_verdicts(outcomes: list[StepOutcome], wish: StopWish | None, heard: Tally, expected: Verdict) -> None:
    assert verdict(outcomes, wish, heard) == expected


def test_an_audit_that_warned_in_two_intervals_is_one_audit() -> None:
    assert verdict([GOOD], None, tally(WARNING, WARNING)).reason == "1 audit warned: late"


async def test_the_first_wish_to_stop_counts() -> None:
    stop = StopSignal()
    assert stop.wish is None

    assert stop.ask(CANCEL)
    assert not stop.ask(TIMEOUT)

    await stop.wait()
    assert stop.wish == CANCEL

"""How a run ended, from how its steps, models and audits ended: pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from engine.adapters.base import StepOutcome
from engine.worker.stop import StopWish
from store.events import AnyEvent, AuditFinished, Graph, ModelFinished, ModelStarted
from store.status import AuditStatus, RunStatus, StepStatus

_NAMED = 5


@dataclass(frozen=True, slots=True)
class Verdict:
    """The last word on a run."""

    status: RunStatus
    reason: str | None = None


@dataclass(slots=True)
class Tally:
    """What the events of a run said of its models and audits so far."""

    running: dict[str, None] = field(default_factory=dict)
    interrupted: dict[str, None] = field(default_factory=dict)
    warned: dict[str, str] = field(default_factory=dict)
    """Names by audit: an audit of two models has one name, and is two audits."""
    names: dict[str, str] = field(default_factory=dict)
    """The names that people use, by the tool's own unique ones: `flights` alone may be three models."""

    def hear(self, event: AnyEvent) -> None:
        """Takes note of one event."""
        match event:
            case Graph():
                self.names.update((node.model, node.name) for node in event.nodes)
            case ModelStarted():
                self.running[event.model] = None
            case ModelFinished():
                self.running.pop(event.model, None)
                if event.interrupted:
                    self.interrupted[event.model] = None
            case AuditFinished():
                failed = event.status in (AuditStatus.FAILED, AuditStatus.ERROR)
                if event.status is AuditStatus.WARNED or (failed and not event.blocking):
                    self.warned[event.audit] = event.name
            case _:
                pass

    @property
    def half_done(self) -> list[str]:
        """The names of the models that were being built when the run stopped."""
        models = [*self.interrupted, *(model for model in self.running if model not in self.interrupted)]
        return [self.names.get(model, model.rsplit(".", 1)[-1].strip('"')) for model in models]


def verdict(outcomes: Sequence[StepOutcome], wish: StopWish | None, tally: Tally) -> Verdict:
    """A stop that came too late, after the last step had ended by itself, does not count."""
    last = outcomes[-1] if outcomes else StepOutcome(StepStatus.FAILED, reason="the run has no steps")
    if wish is not None and last.status is StepStatus.CANCELLED:
        status = RunStatus.CANCELLED if wish.kind == "cancel" else RunStatus.FAILED
        return Verdict(status, _stopped(wish, tally))
    if last.status is not StepStatus.SUCCEEDED:
        return Verdict(RunStatus.FAILED, last.reason)
    if tally.warned:
        count = len(tally.warned)
        names = _names(_counted(tally.warned.values()))
        return Verdict(RunStatus.PARTIAL, f"{count} {_plural('audit', count)} warned: {names}")
    return Verdict(RunStatus.COMPLETED, last.reason)


def _stopped(wish: StopWish, tally: Tally) -> str:
    if not tally.half_done:
        return wish.reason
    return f"{wish.reason}; may be half-updated: {_names(tally.half_done)}"


def _names(names: Sequence[str]) -> str:
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {more} more" if more > 0 else "")


def _counted(names: Iterable[str]) -> list[str]:
    return [name if count == 1 else f"{name} ({count} times)" for name, count in Counter(names).items()]


def _plural(word: str, count: int) -> str:
    return word if count == 1 else f"{word}s"

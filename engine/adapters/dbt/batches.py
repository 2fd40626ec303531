"""The batches of microbatch models, for which dbt tells much the same events as for the models themselves."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from engine.adapters.dbt.tool_event import ToolEvent, mapping, moment, seconds, text, whole
from store.events import Interval, ModelFinished, ModelProgress


class Batches:
    """Follows which models are built in batches, and tells a batch's end from its model's."""

    def __init__(self) -> None:
        self._batched: set[str] = set()
        self._printed: set[str] = set()
        self._finished: dict[str, ModelFinished] = {}

    def hear(self, event: ToolEvent) -> None:
        """Takes note of batches, and of the line that dbt prints when the model as a whole is done."""
        if event.node is None:
            return
        if event.code in ("Q045", "Q046"):
            self._batched.add(event.node)
        elif event.code == "Q012":
            self._printed.add(event.node)

    def is_of_a_batch(self, event: ToolEvent) -> bool:
        """Whether this end is only that of a batch."""
        return event.node in self._batched and event.node not in self._printed

    def remember(self, finished: ModelFinished) -> None:
        """Keeps the end of a model in batches until its intervals are known."""
        if finished.model in self._batched:
            self._finished[finished.model] = finished

    def with_intervals(self, results: Mapping[str, Mapping[str, Any]]) -> list[ModelFinished]:
        """The ends again, with the intervals that run_results.json counts as successful."""
        found = ((finished, _intervals(results.get(node, {}))) for node, finished in self._finished.items())
        return [finished.model_copy(update={"intervals": done}) for finished, done in found if done]


def progress_of(event: ToolEvent, at: datetime) -> ModelProgress | None:
    """What the start or end of a batch says; None of one that was skipped."""
    batch, batches = whole(event.data.get("batch_index")), whole(event.data.get("total_batches"))
    if event.node is None or batch is None or batches is None or event.data.get("status") == "skipped":
        return None
    finished = event.code == "Q046"
    return ModelProgress(
        ts=at,
        model=event.node,
        batch=batch,
        batches=batches,
        finished=finished,
        duration_s=seconds(event.data.get("execution_time")) if finished else None,
    )


def failure_of(event: ToolEvent) -> tuple[str, str] | None:
    """The node and the error of an exception that dbt does not repeat when it finishes the node."""
    node, problem = text(event.data.get("unique_id")) or event.node, text(event.data.get("exc"))
    return (node, problem) if event.code == "W004" and node and problem else None


def _intervals(result: Mapping[str, Any]) -> tuple[Interval, ...]:
    listed = mapping(result.get("batch_results")).get("successful")
    found = []
    for pair in listed if isinstance(listed, list) else ():
        start, end = (moment(side) for side in pair) if isinstance(pair, list) and len(pair) == 2 else (None, None)
        if start and end:
            found.append(Interval(start=start, end=end))
    return tuple(found)

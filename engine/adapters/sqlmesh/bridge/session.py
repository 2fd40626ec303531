"""One command's state: where events go, what is in flight, and SQLMesh's context."""

from __future__ import annotations  # the project's Python may be as old as 3.9

import argparse
import logging
import multiprocessing
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NoReturn

from .batches import Batches, Cancellation
from .definitions import Definitions
from .describe import environment_json, graph_json
from .emitter import Emitter
from .progress import Progress
from .values import (
    EXIT_CANCELLED,
    Outcome,
    Refused,
    Span,
    Unfinalised,
    overlap,
    spans_json,
    sqlmesh,
)

log = logging.getLogger("runroom.bridge")


class Session:
    """One command's state: where events go, what is in flight, and SQLMesh's context once it is open."""

    def __init__(self, options: argparse.Namespace, emitter: Emitter) -> None:
        self.options = options
        self.project: Path = options.project
        self.emitter = emitter
        self.cancellation = Cancellation()
        self.batches = Batches(self.cancellation)
        self.definitions = Definitions(emitter)
        self.progress = Progress(emitter, self.definitions)
        self.degraded: list[str] = []
        """What this version of SQLMesh cannot tell."""
        self.sees_intervals = False
        """Whether the interval of a batch is told as it begins."""
        self.phases: dict[str, tuple[int, int]] = {}
        self.warnings: list[str] = []
        """What SQLMesh has warned of so far."""
        self.restated: dict[str, list[Span]] = {}
        """What a plan loads again though it is loaded: SQLMesh's own objects call it missing while the plan runs."""
        self.context: Any = None
        self.version = ""
        self._graph_told = False

    def environment_name(self) -> str:
        name = self.options.environment or self.context.config.default_target_environment
        return str(sqlmesh("core.environment").Environment.sanitize_name(name))

    def environment(self) -> Any:
        """The record of the chosen environment. Raises Refused when it does not exist."""
        name = self.environment_name()
        environment = self.context.state_reader.get_environment(name)
        if environment is None:
            raise Refused(f"Environment {name} does not exist yet: apply a plan to create it.")
        return environment

    def require_finalised(self) -> None:
        """Raises Unfinalised when a plan of the chosen environment has begun and not ended."""
        environment = self.context.state_sync.get_environment(self.environment_name())
        if environment is not None and environment.finalized_ts is None:
            self.emitter.emit("environment", **environment_json(environment, None))
            raise Unfinalised(
                f"Environment {environment.name} is unfinalised: plan {environment.plan_id} began to update it "
                "and did not end. Apply a plan to heal it."
            )

    def tell_graph(self, nodes: Iterable[Any], with_columns: bool) -> None:
        if not self._graph_told:
            self._graph_told = True
            self.emitter.emit("graph", nodes=graph_json(nodes, self.project, with_columns))

    def tell_local_graph(self) -> None:
        nodes = [*self.context.models.values(), *self.context.standalone_audits.values()]
        self.tell_graph(nodes, with_columns=True)

    def abandon(self) -> None:
        """Ends the process where it stands, unless the main thread is already reporting."""
        if self.cancellation.take_verdict():
            self.tell_cancelled(forced=True)
            for child in multiprocessing.active_children():
                child.kill()
            leave(EXIT_CANCELLED)

    def tell_cancelled(self, forced: bool) -> None:
        """Lists what was in flight and which intervals the state calls loaded though their load was interrupted."""
        stopped = [*self.cancellation.interrupted, *self.batches.active()]
        stopped = [batch for batch in stopped if not batch.creating]
        self.emitter.emit(
            "cancelled",
            reason=self.cancellation.reason,
            forced=forced,
            in_flight=[batch.describe() for batch in stopped],
            interrupted_intervals=[
                {
                    "model": batch.model,
                    "name": batch.name,
                    "intervals": spans_json(batch.reloads),
                    "transactional": batch.transactional,
                }
                for batch in stopped
                if batch.reloads
            ],
        )
        self.finish(Outcome("cancelled", self.cancellation.reason, EXIT_CANCELLED))

    def recheck_interrupted(self) -> None:
        """Asks the state again which of the interrupted intervals it still calls loaded.

        Where it cannot be asked any more, what it said when the batch began stands.
        """
        for batch in self.cancellation.interrupted:
            if not batch.reloads or not batch.span:
                continue
            try:
                self.context.state_sync.refresh_snapshot_intervals([batch.snapshot])
            except Exception as error:  # noqa: BLE001 drivers raise errors of their own
                log.warning("the state cannot be read after the cancel: %s", error)
            else:
                batch.reloads = overlap(batch.span, batch.loaded())

    def finish(self, outcome: Outcome) -> None:
        self.emitter.emit(
            "finished",
            status=outcome.status,
            reason=outcome.reason,
            exit_code=outcome.exit_code,
            **self.progress.counts(),
        )


def leave(exit_code: int) -> NoReturn:
    """Ends the process at once: threads may still be inside a driver that does not return."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(exit_code)

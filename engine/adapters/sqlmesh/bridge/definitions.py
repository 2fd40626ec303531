"""What is executed: each model's definition, told once, when work on it begins."""

from __future__ import annotations  # the project's Python may be as old as 3.9

import logging
import threading
from collections.abc import Iterable
from typing import Any

from .describe import CORRELATION, model_columns
from .emitter import Emitter

log = logging.getLogger("runroom.bridge")

LONGEST_STATEMENT = 200_000
"""Of longer statements nobody reads more: a seed's rows, say."""


class Definitions:
    """Tells the definition of each model that is worked on, as the state knows it: local files may be newer."""

    def __init__(self, emitter: Emitter) -> None:
        self._emitter = emitter
        self._told: set[str] = set()
        self._statements: dict[str, str] = {}
        self._embedded: dict[str, Any] = {}
        self._lock = threading.Lock()

    def know(self, snapshots: Iterable[Any]) -> None:
        """Takes in the whole graph, for the models that are never worked on by themselves."""
        self._embedded.update((each.name, each) for each in snapshots if each.is_embedded)

    def tell(self, snapshot: Any) -> None:
        """Tells the definition of the snapshot's model, and of those that lie within its query, unless told before."""
        with self._lock:
            if not snapshot.is_model or snapshot.name in self._told:
                return
            self._told.add(snapshot.name)
        for parent in snapshot.parents:
            if parent.name in self._embedded:
                self.tell(self._embedded[parent.name])
        model = snapshot.node
        self._emitter.emit(
            "definition",
            model=snapshot.name,
            name=model.name,
            dialect=model.dialect,
            language="python" if model.is_python else "csv" if model.is_seed else "sql",
            definition=_definition(model),
            query=_query(model) if model.is_sql else None,
            columns=_columns(model),
        )

    def executed(self, snapshot: Any, sql: str) -> None:
        """Notes a statement that wrote the model; the last one is told when the model is done."""
        if len(sql) <= LONGEST_STATEMENT:
            self._statements[snapshot.name] = CORRELATION.sub("", sql)

    def last_statement(self, name: str) -> str | None:
        return self._statements.pop(name, None)


def _definition(model: Any) -> str | None:
    try:
        parts = [part.sql(dialect=model.dialect, pretty=True) for part in model.render_definition()]
    except Exception as error:  # noqa: BLE001 the model's own macros run; what they raise fails its execution, too
        log.debug("the definition of %s cannot be told: %s", model.name, error)
        return None
    return "\n\n".join(parts)


def _query(model: Any) -> str | None:
    """The query without an interval, so that two runs of the same definition have the same text."""
    try:
        query = model.render_query()
        return None if query is None else str(query.sql(dialect=model.dialect, pretty=True))
    except Exception as error:  # noqa: BLE001 the model's own macros run; what they raise fails its execution, too
        log.debug("the query of %s cannot be told: %s", model.name, error)
        return None


def _columns(model: Any) -> list[dict[str, Any]]:
    try:
        return model_columns(model)
    except Exception as error:  # noqa: BLE001 the model's own macros run; what they raise fails its execution, too
        log.debug("the columns of %s cannot be told: %s", model.name, error)
        return []

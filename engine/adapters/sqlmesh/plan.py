"""Puts together what the bridge says of a plan: its changes, backfills and unit tests, then the summary."""

from typing import Any

from engine.adapters.sqlmesh.values import Said, display_name
from store.events import ModelChange

_UNIT_TESTS = ("ran", "passed", "failed", "errors", "successful")


class PlanReading:
    """A plan as far as it was told."""

    def __init__(self) -> None:
        self._changes: list[dict[str, Any]] = []
        self._backfills: list[dict[str, Any]] = []
        self._tests: dict[str, Any] | None = None

    def change(self, said: Said) -> None:
        """How one model differs."""
        fields = ("model", "change", "category", "formatting_only", "text_diff", "caused_by")
        self._changes.append({"name": display_name(said["name"]), **{field: said.get(field) for field in fields}})

    def backfill(self, said: Said) -> None:
        """Which intervals of one model the plan would load."""
        fields = ("model", "intervals", "batches", "restating")
        self._backfills.append({"name": display_name(said["name"]), **{field: said.get(field) for field in fields}})

    def tests(self, said: Said) -> None:
        """How the project's unit tests ended."""
        self._tests = {field: said.get(field) for field in _UNIT_TESTS}

    def model_changes(self) -> tuple[ModelChange, ...]:
        """The changes as the run protocol has them; one that only reformats says so."""
        return tuple(
            ModelChange(
                model=change["model"],
                change="formatting" if change["formatting_only"] else change["change"],
                diff=change["text_diff"] or None,
            )
            for change in self._changes
        )

    def summary(self, said: Said) -> dict[str, Any]:
        """All of it, as the plan page shows it."""
        told = {key: value for key, value in said.items() if key not in ("type", "ts")}
        return told | {"changes": self._changes, "backfills": self._backfills, "tests": self._tests}

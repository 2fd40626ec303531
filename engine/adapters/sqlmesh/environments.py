"""Puts together what the bridge says of environments: each one's record, then its models' intervals."""

from collections.abc import Iterator
from datetime import datetime

from engine.adapters.sqlmesh.values import Said, display_name, intervals, moment
from store.events import EnvironmentState, ModelIntervals


class EnvironmentReading:
    """The environments as far as they were told."""

    def __init__(self) -> None:
        self._records: dict[str, tuple[Said, datetime]] = {}
        self._models: dict[str, list[ModelIntervals]] = {}

    def environment(self, said: Said, ts: datetime) -> None:
        """The record of one environment; a later one replaces it, with its intervals."""
        self._records[said["environment"]] = (said, ts)
        self._models[said["environment"]] = []

    def intervals(self, said: Said) -> None:
        """What is loaded and missing of one model in one environment."""
        if not said.get("promoted", True):
            return
        told = ModelIntervals(
            model=said["model"],
            name=display_name(said["name"]),
            cron=said.get("cron"),
            loaded=intervals(said.get("loaded")),
            missing=intervals(said.get("missing")),
            missing_count=said.get("missing_count") or 0,
            freshness=said.get("freshness"),
            next_at=moment(said.get("next_at")),
        )
        self._models.setdefault(said["environment"], []).append(told)

    def states(self) -> Iterator[EnvironmentState]:
        """What is known, an event an environment."""
        for name, (said, ts) in self._records.items():
            yield EnvironmentState(
                ts=ts,
                environment=name,
                plan_id=said.get("plan_id"),
                previous_plan_id=said.get("previous_plan_id"),
                applied_at=moment(said.get("finalised_at")),
                expires_at=moment(said.get("expires_at")),
                unfinalised=bool(said.get("unfinalised")),
                models=said.get("models") or 0,
                difference=said.get("difference"),
                intervals=tuple(self._models.get(name, ())),
            )

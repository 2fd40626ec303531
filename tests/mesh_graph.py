"""The SQLMesh project of the tests' worlds: a few models over flights, and what a plan and a restatement say of it."""

from datetime import UTC, datetime, timedelta
from typing import Any

from store.events import EnvironmentState, GraphNode, Interval, ModelIntervals

YEAR_START = datetime(2013, 1, 1, tzinfo=UTC)


def fqn(name: str) -> str:
    """SQLMesh's unique name of a model."""
    return ".".join(f'"{part}"' for part in ("flights", *name.split(".")))


_MODELS = {
    # The model: its kind, cron, parents.
    "seeds.delay_bands": ("SEED", None, ()),
    "staging.stg_flights": ("INCREMENTAL_BY_TIME_RANGE", "@daily", ()),
    "staging.stg_planes": ("FULL", "@daily", ()),
    "core.flown_flights": ("INCREMENTAL_BY_TIME_RANGE", "@daily", ("staging.stg_flights",)),
    "core.punctuality": ("VIEW", "@daily", ("core.flown_flights", "seeds.delay_bands")),
    "marts.daily_delays": ("INCREMENTAL_BY_TIME_RANGE", "@daily", ("core.flown_flights",)),
    "marts.carriers": ("FULL", "@weekly", ("core.punctuality", "staging.stg_planes")),
    "marts.tail_delays": ("INCREMENTAL_BY_TIME_RANGE", "@hourly", ("core.flown_flights",)),
}


def graph_nodes(*selected: str) -> tuple[GraphNode, ...]:
    """The project's graph, with these models to be executed."""
    return tuple(
        GraphNode(
            model=fqn(name),
            name=name,
            kind="seed" if kind == "SEED" else "model",
            parents=tuple(map(fqn, parents)),
            selected=name in selected,
            materialized=kind,
            schema_name=name.partition(".")[0],
            file=f"models/{name.replace('.', '/')}.sql",
            cron=cron,
        )
        for name, (kind, cron, parents) in _MODELS.items()
    )


def month(number: int) -> Interval:
    """A month of 2013."""
    end = YEAR_START.replace(month=number + 1) if number < 12 else YEAR_START.replace(year=2014)
    return Interval(start=YEAR_START.replace(month=number), end=end)


def _change(name: str, change: str, category: str | None = None, **more: Any) -> dict[str, Any]:
    return {
        "model": fqn(name),
        "name": name,
        "change": change,
        "category": category,
        "formatting_only": False,
        "text_diff": "",
        "caused_by": [],
    } | more


_DIFF = """---

+++

@@ -6,9 +6,10 @@

   flight_date,
   carrier,
-  COUNT_IF(departure_delay > 15) AS late
+  COUNT_IF(departure_delay >= 15) AS late,
+  AVG(departure_delay) AS average_delay
 FROM core.flown_flights
 WHERE
   flight_date BETWEEN @start_date AND @end_date
"""


def plan_details(environment: str = "dev_anna") -> dict[str, Any]:
    """What a plan with every sort of change says."""
    span = {"start": "2013-01-01T00:00:00Z", "end": "2014-01-01T00:00:00Z"}
    cause = [fqn("core.flown_flights")]
    changes = [
        _change("marts.tail_delays", "added"),
        _change("marts.old_delays", "removed"),
        _change("core.flown_flights", "directly_modified", "non_breaking"),
        _change("marts.daily_delays", "directly_modified", "breaking", text_diff=_DIFF),
        _change("core.punctuality", "indirectly_modified", "indirect_non_breaking", caused_by=cause),
        _change("marts.carriers", "metadata", "metadata"),
        _change("staging.stg_planes", "directly_modified", "non_breaking", formatting_only=True),
    ]
    backfills = [
        {"model": fqn(name), "name": name, "intervals": [span], "batches": batches, "restating": False}
        for name, batches in (("core.flown_flights", 12), ("marts.daily_delays", 12), ("marts.tail_delays", 12))
    ]
    return {
        "environment": environment,
        "plan_id": "b1d4c07e55aa41f8",
        "fingerprint": "5f3c9e",
        "new_environment": False,
        "unfinalised": False,
        "nothing_to_do": False,
        "forward_only": False,
        "uncategorised": [],
        "changes": changes,
        "backfills": backfills,
        "tests": {"ran": 4, "passed": 4, "failed": 0, "errors": 0, "successful": True},
    }


def environment_state(environment: str, now: datetime, **more: Any) -> EnvironmentState:
    """What SQLMesh said of an environment three minutes ago: one model behind, one pending."""
    until = now.replace(hour=0, minute=0)
    behind = Interval(start=until - timedelta(days=2), end=until)
    pending = Interval(start=until - timedelta(days=1), end=until)
    missing = {"marts.daily_delays": behind, "core.flown_flights": pending}
    return EnvironmentState(
        **{
            "ts": now - timedelta(minutes=3),
            "environment": environment,
            "plan_id": "b1d4c07e55aa41f8",
            "applied_at": now - timedelta(hours=20),
            "models": len(_MODELS),
            "intervals": tuple(_intervals(name, missing.get(name), until) for name in _MODELS),
        }
        | more
    )


def _intervals(name: str, missing: Interval | None, until: datetime) -> ModelIntervals:
    kind, cron, _ = _MODELS[name]
    has_data = kind not in ("SEED", "VIEW")
    loaded = (Interval(start=YEAR_START, end=missing.start if missing else until),) if has_data else ()
    days = (missing.end - missing.start).days if missing else 0
    freshness = None if not has_data else "complete" if missing is None else "pending" if days == 1 else "behind"
    return ModelIntervals(
        model=fqn(name),
        name=name,
        cron=cron,
        loaded=loaded,
        missing=(missing,) if missing else (),
        missing_count=days,
        freshness=freshness,
        next_at=until + timedelta(days=1) if has_data else None,
    )

"""When the models that a job builds were last built well."""

from dataclasses import dataclass
from datetime import datetime

import aiosqlite

from store.clock import from_microseconds
from store.history import JobPlace
from store.status import TERMINAL, ModelStatus

_RUNS_LOOKED_AT = 10_000
"""How many runs of the workspace back a success is looked for: a bound on what is read."""


@dataclass(frozen=True, slots=True)
class ModelBuild:
    """A model with the moment at which its last successful build in an environment, by whichever job, began.

    `built_at` is None when there was none, or none lately.
    """

    model: str
    name: str
    built_at: datetime | None


async def model_builds(connection: aiosqlite.Connection, place: JobPlace) -> list[ModelBuild]:
    """The models that the last whole run of a job meant to build, by name; none before there was such a run.

    A run that was asked to build a selection of them says nothing about the others, and is passed over.
    """
    values = {**place._asdict(), "looked_at": _RUNS_LOOKED_AT}
    async with connection.execute(_BUILDS, values) as cursor:
        return [
            ModelBuild(model, name, None if built_at is None else from_microseconds(built_at))
            async for model, name, built_at in cursor
        ]


_ENDED = ", ".join(f"'{status}'" for status in sorted(TERMINAL))

_BUILDS = f"""
    SELECT wanted.model, wanted.name, (
        SELECT built.started_at FROM model_executions AS built JOIN runs ON runs.id = built.run_id
        WHERE built.model = wanted.model AND built.run_id > (SELECT max(id) FROM runs) - :looked_at
        AND built.status = '{ModelStatus.SUCCEEDED}'
        AND runs.project = :project AND runs.environment = :environment
        ORDER BY built.run_id DESC LIMIT 1
    )
    FROM model_executions AS wanted
    WHERE wanted.run_id = (
        SELECT id FROM runs
        WHERE project = :project AND job = :job AND environment = :environment AND models_total > 0
        AND status IN ({_ENDED}) AND coalesce(json_array_length(options, '$.select'), 0) = 0
        ORDER BY id DESC LIMIT 1
    )
    ORDER BY wanted.name, wanted.model"""

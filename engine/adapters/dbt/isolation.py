"""A dbt run in a schema of its own: the profile that leads there, the proof that it does, and its end.

dbt has no option for the schema, so the run gets a copy of the profile that names another one. A project's own
`generate_schema_name` may still put models elsewhere; that is looked up before anything is built.
"""

import asyncio
import json
import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from engine.adapters.base import StepContext, StepOutcome, StepPlan
from engine.adapters.dbt.profile import PROFILES_FILE, Profile, secrets_in
from engine.adapters.dbt.session import DbtSession
from store.paths import RunPaths
from store.status import StepStatus

_BUILT = frozenset({"model", "seed", "snapshot"})
_NAMED = 3
_TEAR_DOWN_S = 300.0


def isolated_profile(profile: Profile, schema: str) -> dict[str, Any] | None:
    """The profile with its one target, which builds into this schema; None where Jinja decides which target that is.

    Everything else stays as it is written, calls of `env_var` included. Raises OSError, yaml.YAMLError.
    """
    if profile.name is None or profile.target is None:
        return None
    written = yaml.safe_load(profile.file.read_text("utf-8"))
    output = dict(written[profile.name]["outputs"][profile.target])
    # BigQuery's word for it; dbt refuses both at once.
    output["dataset" if "dataset" in output else "schema"] = schema
    return {profile.name: {"target": profile.target, "outputs": {profile.target: output}}}


def is_own(name: str, schema: str) -> bool:
    """Whether a schema is the run's own: `ci_7`, or one that dbt named after it, `ci_7_marts`."""
    return name.lower() == schema or name.lower().startswith(f"{schema}_")


def built_elsewhere(nodes: Iterable[Mapping[str, Any]], schema: str) -> list[str]:
    """What would be built outside of the run's own schemas, as `model in schema`."""
    return [
        f"{node['name']} in {node.get('schema')}"
        for node in nodes
        if node.get("resource_type") in _BUILT
        and node.get("config", {}).get("materialized") != "ephemeral"
        and not is_own(str(node.get("schema")), schema)
    ]


def own_schemas(nodes: Iterable[Mapping[str, Any]], schema: str) -> list[tuple[str | None, str]]:
    """The run's own schemas, each with its database."""
    found = ((node.get("database"), str(node.get("schema"))) for node in nodes)
    return sorted({(base, name) for base, name in found if is_own(name, schema)}, key=str)


def isolation_step(session: DbtSession, schema: str, target: str | None) -> StepPlan:
    """The step that leads all later ones to the schema, and fails where anything would be built outside of it."""
    arguments = ["parse", *(("--target", target) if target else ())]

    async def run(context: StepContext) -> StepOutcome:
        assert session.profile is not None, "the profile was read in the step before"
        try:
            session.profile = await asyncio.to_thread(_write_profile, session.profile, schema, _folder(context.paths))
        except _Unclear as error:
            return StepOutcome(StepStatus.FAILED, 2, str(error))
        outcome = await session.execute(context, arguments)
        if outcome.status is not StepStatus.SUCCEEDED:
            return outcome
        outside = built_elsewhere(await asyncio.to_thread(_nodes, context.paths), schema)
        if outside:
            return StepOutcome(StepStatus.FAILED, 2, _refusal(outside, schema))
        context.log(f"Everything is built into {schema} and schemas named after it.")
        if context.request.defer_to is not None:
            context.log("What is not built refers to production as its last good run left it.")
        return StepOutcome(StepStatus.SUCCEEDED)

    return StepPlan("isolate", ("dbt", *arguments), run)


def tear_down_step(session: DbtSession, schema: str, target: str | None) -> StepPlan:
    """The step that drops the run's own schemas, however the run went."""

    async def run(context: StepContext) -> StepOutcome:
        try:
            if session.profile is None:
                # The worker that made it is no more.
                session.profile = await asyncio.to_thread(_left_profile, context)
            nodes = await asyncio.to_thread(_nodes, context.paths)
            schemas = own_schemas(nodes, schema)
            if not schemas or not _folder(context.paths).exists():
                context.log("Nothing was built.")
                return StepOutcome(StepStatus.SUCCEEDED)
            for _, name in schemas:
                context.log(f"Dropping schema {name}")
            return await session.execute(context, _dropping(context.paths, schemas, target))
        finally:
            await asyncio.to_thread(shutil.rmtree, _folder(context.paths), True)

    return StepPlan("tear-down", ("dbt", "compile", "--inline", f"drop {schema}"), run, _TEAR_DOWN_S, closing=True)


class _Unclear(Exception):
    """The profile cannot be led elsewhere; the text is one sentence."""


def _folder(paths: RunPaths) -> Path:
    return paths.folder / "isolation"


def _write_profile(profile: Profile, schema: str, folder: Path) -> Profile:
    try:
        content = isolated_profile(profile, schema)
    except (OSError, yaml.YAMLError, KeyError, TypeError) as error:
        raise _Unclear(f"{profile.file} cannot be read again: {error}.") from error
    if content is None:
        raise _Unclear(f"{profile.file} leaves profile or target to Jinja, so a ci run has no schema of its own there.")
    folder.mkdir(mode=0o700)
    file = folder / PROFILES_FILE
    # It may hold passwords: nobody else reads it, and it goes with the run's end.
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        yaml.safe_dump(content, stream)
    return replace(profile, file=file)


def _left_profile(context: StepContext) -> Profile | None:
    file = _folder(context.paths) / PROFILES_FILE
    if not file.is_file():
        return None
    content = yaml.safe_load(file.read_text("utf-8"))
    for secret in secrets_in(content, os.environ):
        context.hide(secret)
    (name,) = content
    return Profile(file, name, content[name]["target"], None, ())


def _nodes(paths: RunPaths) -> list[Mapping[str, Any]]:
    file = paths.target / "manifest.json"
    return list(json.loads(file.read_bytes())["nodes"].values()) if file.is_file() else []


def _refusal(outside: Sequence[str], schema: str) -> str:
    more = len(outside) - _NAMED
    names = ", ".join(outside[:_NAMED]) + (f" and {more} more" if more > 0 else "")
    return (
        f"This project would build outside of {schema}: {names}; let its generate_schema_name, and the target_schema "
        "of snapshots, begin with target.schema."
    )


def _dropping(paths: RunPaths, schemas: Sequence[tuple[str | None, str]], target: str | None) -> list[str]:
    """dbt drops them itself, in the way of its adapter; what it writes meanwhile is no artifact of the run."""
    drops = "".join(
        f"{{% do adapter.drop_schema(api.Relation.create(database={json.dumps(base)}, schema={json.dumps(name)})) %}}"
        for base, name in schemas
    ).replace("database=null, ", "")
    inline = f"{{% if execute %}}{drops}{{% endif %}}select 1"
    arguments = ["compile", "--inline", inline, "--target-path", str(_folder(paths) / "target")]
    return [*arguments, *(("--target", target) if target else ())]

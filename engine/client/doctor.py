"""Looks at everything that a run needs and says what is wrong with it, before a run has to."""

import asyncio
import json
import os
import shutil
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from engine.client.api import EngineNotRunning
from engine.client.launch import connect
from engine.configuration.profiles import dbt_targets
from engine.configuration.requests import project_interpreter
from engine.configuration.workspace import Workspace, load_workspace
from engine.errors import ConfigurationError, RunroomError
from engine.git import GitError
from engine.lock import is_locked
from engine.mirrors import is_mirrored, remote_heads
from store.clock import system_clock
from store.errors import StoreError, StoreMissing
from store.models import Project
from store.paths import WorkspacePaths
from store.reads import StoreReader
from store.remote_looks import RemoteLook, is_late, look_text, looks_of
from store.wording import duration

Verdict = Literal["good", "warning", "problem"]

_OLDEST_PYTHON = (3, 11)
_LOW_DISK_BYTES = 500_000_000
_INTERPRETER_LIMIT_S = 20.0
# Runs in the project's interpreter: prints the versions of the tools that are installed there, imports none of them.
_ASK_VERSIONS = """
import importlib.metadata, json, platform
found = {}
for distribution in importlib.metadata.distributions():
    name = (distribution.metadata["Name"] or "").lower().replace("_", "-")
    if name == "sqlmesh" or name.startswith("dbt-"):
        found[name] = distribution.version
print(json.dumps({"python": platform.python_version(), "packages": found}))
"""
# What is not an adapter of dbt.
_NO_ADAPTERS = frozenset({"dbt-core", "dbt-common", "dbt-adapters", "dbt-extractor", "dbt-protos"})
_NO_ADAPTERS |= {"dbt-semantic-interfaces", "sqlmesh"}


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at, how it is, and in one sentence what was seen."""

    name: str
    verdict: Verdict
    text: str


async def examine(folder: Path) -> AsyncIterator[Check]:
    """Every check of a workspace, as it is done; what is wrong is a verdict, never an error."""
    paths = WorkspacePaths(folder.absolute())
    yield _python()
    try:
        workspace = await asyncio.to_thread(load_workspace, folder)
    except ConfigurationError as error:
        yield Check("configuration", "problem", str(error))
    else:
        yield _configuration(workspace)
        for project in workspace.projects:
            yield await _tool(workspace, project)
            if project.git is not None:
                yield await _remote(workspace, project.name, project.git)
            if project.tool == "dbt" and (project.git is None or is_mirrored(paths, project.name)):
                yield _profile(workspace, project)
        for look in await _looks(workspace):
            yield look
    yield await _engine(paths)
    yield await _store(paths)
    yield _disk(paths)


def _python() -> Check:
    version = ".".join(str(part) for part in sys.version_info[:3])
    good = sys.version_info >= _OLDEST_PYTHON
    return Check("python", "good" if good else "problem", f"Runroom runs on Python {version} at {sys.executable}.")


def _configuration(workspace: Workspace) -> Check:
    source = workspace.paths.configuration
    where = str(source) if source.is_file() else f"no runroom.toml, so detected in {workspace.paths.folder}"
    if workspace.problem:
        return Check("configuration", "problem", workspace.problem)
    numbers = {
        "projects": len(workspace.projects),
        "environments": len(workspace.environments),
        "jobs": len(workspace.jobs),
    }
    return Check("configuration", "good", f"{where}; {', '.join(f'{what}: {n}' for what, n in numbers.items())}.")


async def _tool(workspace: Workspace, project: Project) -> Check:
    name = f"tool of {project.name}"
    try:
        interpreter = project_interpreter(workspace, project)
        answer = await _ask(interpreter)
    except ConfigurationError as error:
        return Check(name, "problem", str(error))
    except (OSError, ValueError, TimeoutError) as error:
        return Check(name, "problem", f"The interpreter {interpreter} does not answer: {error or 'it took too long'}.")
    return tool_verdict(name, project, interpreter, answer)


async def _ask(interpreter: Path) -> Mapping[str, object]:
    """What the interpreter has installed. Raises OSError, TimeoutError, or ValueError for no sensible answer."""
    process = await asyncio.create_subprocess_exec(
        interpreter,
        "-I",
        "-c",
        _ASK_VERSIONS,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(_INTERPRETER_LIMIT_S):
            output, _ = await process.communicate()
    except TimeoutError:
        process.kill()
        await process.wait()
        raise
    answer = json.loads(output)
    if not isinstance(answer, dict):
        raise ValueError("it printed no versions")
    return answer


def tool_verdict(name: str, project: Project, interpreter: Path, answer: Mapping[str, object]) -> Check:
    """Whether the packages that an interpreter has can run the project."""
    found = answer.get("packages")
    packages: dict[str, str] = found if isinstance(found, dict) else {}
    wanted = "dbt-core" if project.tool == "dbt" else "sqlmesh"
    place = f"{interpreter} (Python {answer.get('python')})"
    if wanted not in packages:
        return Check(name, "problem", f"{place} has no {wanted}; install it there, or name another python.")
    text = f"{wanted} {packages[wanted]}"
    if project.tool == "dbt":
        adapters = sorted(f"{key} {packages[key]}" for key in packages.keys() - _NO_ADAPTERS)
        if not adapters:
            return Check(name, "problem", f"{place} has {text} but no dbt adapter, such as dbt-duckdb.")
        text = f"{text} with {', '.join(adapters)}"
    return Check(name, "good", f"{text} in {place}.")


async def _remote(workspace: Workspace, name: str, remote: str) -> Check:
    title = f"remote of {name}"
    try:
        heads = await remote_heads(workspace.paths.folder, remote)
    except GitError as error:
        return Check(title, "problem", f"{remote} does not answer: {error}.")
    if not is_mirrored(workspace.paths, name):
        return Check(title, "warning", f"{remote} answers; the engine is yet to clone it.")
    return Check(title, "good", f"{remote} answers, with {len(heads):,} branches and requests.")


async def _looks(workspace: Workspace) -> list[Check]:
    """How the engine's own looks at remotes went, whoever is asked by hand now."""
    try:
        async with StoreReader.open(workspace.paths.database) as reader:
            known = await reader.git.looks()
    except StoreError:
        known = []
    now = system_clock()
    return [look_verdict(look, workspace.projects, now) for look in looks_of(workspace.projects, known)]


def look_verdict(look: RemoteLook, projects: Sequence[Project], now: datetime) -> Check:
    """Whether pushes to this project are seen."""
    poll_s = next((project.poll_s for project in projects if project.name == look.project), None)
    verdict: Verdict = "problem" if look.problem else "good"
    text = look_text(look, now)
    if verdict == "good" and poll_s is not None and is_late(look, poll_s, now):
        verdict = "warning"
        text = f"{text} It should be every {duration(poll_s)}; runroom engine start keeps an engine that looks."
    return Check(f"pushes of {look.project}", verdict, text)


def _profile(workspace: Workspace, project: Project) -> Check:
    name = f"profile of {project.name}"
    try:
        targets = dbt_targets(workspace.project_folder(project), os.environ)
    except ConfigurationError as error:
        return Check(name, "problem", str(error))
    return Check(name, "good", f"{targets.file} has the targets {', '.join(targets.names)}.")


async def _engine(paths: WorkspacePaths) -> Check:
    try:
        client, hello = await connect(paths)
    except EngineNotRunning:
        if await asyncio.to_thread(is_locked, paths.engine_lock):
            return Check("engine", "problem", f"An engine holds {paths.engine_lock} but does not listen.")
        return Check("engine", "good", "Not running; it starts with the next run.")
    except RunroomError as error:
        return Check("engine", "problem", str(error))
    await client.close()
    if hello.configuration_problem:
        return Check("engine", "problem", f"The engine goes on with an older state: {hello.configuration_problem}")
    return Check("engine", "good", f"Runs as process {hello.pid}, version {hello.version}.")


async def _store(paths: WorkspacePaths) -> Check:
    try:
        async with StoreReader.open(paths.database) as reader:
            change = await reader.change()
    except StoreMissing:
        return Check("record", "good", "Nothing was recorded here yet.")
    except StoreError as error:
        return Check("record", "problem", str(error))
    return Check("record", "good", f"{paths.database} is readable, at change {change:,}.")


def _disk(paths: WorkspacePaths) -> Check:
    free = shutil.disk_usage(paths.folder).free
    text = f"{free / 1e9:,.1f} GB free for {paths.record}."
    place = paths.record if paths.record.is_dir() else paths.folder
    if not os.access(place, os.W_OK):
        return Check("disk", "problem", f"{place} cannot be written to.")
    return Check("disk", "good" if free >= _LOW_DISK_BYTES else "warning", text)

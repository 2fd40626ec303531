"""What running a run again would do: the exact commands, models, time, and what is bound to fail again."""

import asyncio
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.adapters.registry import adapter_for
from engine.foresight import Former, bound_to_fail, expected_s
from engine.git import GitError, commit_at, git, repository_of
from engine.git_triggers.refs import shown_ref
from engine.protocol import RerunMode, RerunPreview
from engine.refusals import reason
from engine.versions.recording import record
from engine.versions.repository import UnknownVersion, VersionRepository
from store.models import Audit, ModelExecution, Run, RunRequest
from store.reads import StoreReader

_SHORT = 10
_COMMIT = 7


@dataclass(frozen=True, slots=True)
class Source:
    """The files that a re-run would see: in words, and which of them are others than in the former run, if known.

    `problem` says why they are not known, where that is not because the former run recorded none.
    """

    words: str
    changed: frozenset[str] | None
    problem: str | None = None


async def preview_rerun(
    reader: StoreReader, versions: VersionRepository, run: Run, request: RunRequest, mode: RerunMode
) -> RerunPreview:
    """Foretells the run that `request` asks for, which does `run` again. Nothing is recorded or changed."""
    former = await _former(reader, run)
    models, audits = _selected(request, former, mode)
    source = await _source(versions, run, request, mode)
    foreseen = bound_to_fail(former, {each.model for each in models} | {each.audit for each in audits},
                             source.changed) if source.changed is not None else []  # fmt: skip
    last = await reader.latest_run()
    usual = await reader.usual_durations(run.model_copy(update={"id": last.id + 1}))
    return RerunPreview(
        run=run.id,
        mode=mode,
        commands=await asyncio.to_thread(commands_of, request),
        source=source.words,
        version=request.version,
        changed_files=None if source.changed is None else len(source.changed),
        models=tuple(each.name for each in models) if former.models else None,
        audits=tuple(each.name for each in audits) if former.models or former.audits else None,
        expected_s=expected_s({each.model for each in models}, former, usual),
        foreseen=tuple(foreseen),
        notes=tuple(_notes(run, request, source, former)),
    )


async def _former(reader: StoreReader, run: Run) -> Former:
    graph = await reader.graph(run.id)
    return Former(
        run=run.id,
        models=await reader.models(run.id),
        audits=await reader.audits(run.id),
        nodes={node.model: node for node in graph.nodes},
    )


def _selected(request: RunRequest, former: Former, mode: RerunMode) -> tuple[list[ModelExecution], list[Audit]]:
    """What of the former run is executed again: all of it, or what the request names."""
    if mode != "failed":
        return list(former.models), list(former.audits)
    chosen = set(request.options.select)
    return (
        [each for each in former.models if each.name in chosen],
        [each for each in former.audits if each.name in chosen],
    )


async def _source(versions: VersionRepository, run: Run, request: RunRequest, mode: RerunMode) -> Source:
    try:
        if request.version is not None:
            changed = await _between(versions, run.version, request.version)
            return Source(_pinned(run, request.version, mode), changed)
        if request.head is not None:
            same_commit = frozenset[str]() if request.head.commit == run.commit else None
            return Source(f"{shown_ref(request.head.ref)}@{request.head.commit[:_COMMIT]}", same_commit)
        if request.branch is not None and (branch := await _branch(run, request)) is not None:
            return branch
        return Source("the present files", await _present(versions, run, Path(request.project_path)))
    except (GitError, OSError) as error:
        if request.version is not None:
            raise
        return Source("the latest files", None, reason(error))
    except UnknownVersion:
        if request.version is not None:
            raise
        return Source("the latest files", None)


def _pinned(run: Run, version: str, mode: RerunMode) -> str:
    """Which files a run of a recorded version sees: that of the former run, or the one to which the job is pinned."""
    seen = run.version is not None and run.version.startswith(version)
    if mode == "same":
        words = f"files as #{run.id} saw them"
    elif seen:
        words = f"the files to which the job is pinned, as #{run.id} saw them"
    else:
        words = "the files to which the job is pinned"
    return f"{words} (version {version[:_SHORT]})"


async def _between(versions: VersionRepository, before: str | None, after: str) -> frozenset[str] | None:
    if before is None:
        return None
    return frozenset(each.path for each in await versions.difference(before, after))


async def _branch(run: Run, request: RunRequest) -> Source | None:
    """The newest commit of the environment's branch; None outside of git."""
    folder = Path(request.project_path)
    repository = await repository_of(folder)
    if repository is None or request.branch is None:
        return None
    head = await commit_at(repository, request.branch)
    words = f"{request.branch}@{head.sha[:_COMMIT]} by {head.author}: {head.message}"
    if run.commit is None:
        return Source(words, None)
    paths = await git(folder, "diff", "--name-only", "-z", "--relative", run.commit, head.sha, "--", ".")
    return Source(words, frozenset(path for path in paths.split("\0") if path))


async def _present(versions: VersionRepository, run: Run, folder: Path) -> frozenset[str] | None:
    if run.version is None:
        return None
    async with versions.trying() as scratch:
        return await _between(scratch, run.version, (await record(scratch, folder)).version)


def commands_of(request: RunRequest) -> tuple[str, ...]:
    """The commands of a run as one would type them. Reads files: for a thread."""
    steps = adapter_for(request.tool).steps(request, Path(request.project_path))
    return tuple(shlex.join(step.command) for step in steps if step.command)


def _notes(run: Run, request: RunRequest, source: Source, former: Former) -> Sequence[str]:
    notes = []
    if source.changed:
        count = len(source.changed)
        notes.append(f"{count} {'file differs' if count == 1 else 'files differ'} from what #{run.id} saw.")
    if source.problem is not None:
        notes.append(f"Nothing can be said of what fails again: {source.problem}")
    elif source.changed is None:
        notes.append(f"What #{run.id} saw was not recorded, so nothing can be said of what fails again.")
    if not former.models:
        notes.append(f"#{run.id} came to no model: what runs is known once {request.tool} has read the project.")
    return notes

"""What a re-run is bound to do, from the record of the former run and from what changed since: pure."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from engine.protocol import Foreseen
from store.events import GraphNode
from store.history import UsualDurations
from store.models import Audit, ModelExecution
from store.status import AuditStatus, ModelStatus

_FAILED_AUDITS = frozenset({AuditStatus.FAILED, AuditStatus.ERROR})
# What lies outside of the files and may be otherwise the next time. Whole words: a column may be called block_time.
_PASSING = re.compile(
    r"\b(connections?|connect to|timed? ?out|locks?|locked|deadlock(ed)?|out of memory|disk|no space|network"
    r"|unavailable|refused|reset by)\b",
    re.IGNORECASE,
)
_SAYS_NOTHING_OF_MODELS = frozenset({".md", ".txt", ".rst"})


@dataclass(frozen=True, slots=True)
class Former:
    """What is recorded of the run that is to be done again, as far as it matters."""

    run: int
    models: Sequence[ModelExecution] = ()
    audits: Sequence[Audit] = ()
    nodes: Mapping[str, GraphNode] = field(default_factory=dict)


def bound_to_fail(former: Former, selected: Collection[str], changed: Collection[str]) -> list[Foreseen]:
    """Which of the selected models and audits fail again, how sure that is, and why.

    `changed` are the paths of the project's files that are others than in the former run. A change of a file that is
    no model's own may concern any of them, so that nothing is foretold then.
    """
    if _shared(former, changed):
        return []
    found = [_model(former, each, changed) for each in former.models if each.status is ModelStatus.FAILED]
    found += [_audit(former, each, selected, changed) for each in former.audits if each.status in _FAILED_AUDITS]
    return [each for each in found if each is not None and each.node in selected]


def expected_s(selected: Collection[str], former: Former, usual: UsualDurations) -> float | None:
    """Seconds that building the selected models takes; None without a run of the job that went well.

    The job's usual duration, times the share of the usual work of its models that is selected.
    """
    if usual.run_s is None or not former.models or not usual.models:
        return usual.run_s
    typical = sorted(usual.models.values())[len(usual.models) // 2]
    work = {each.model: usual.models.get(each.model, typical) for each in former.models}
    total = sum(work.values())
    return usual.run_s * sum(work.get(model, 0.0) for model in selected) / total if total else usual.run_s


def _shared(former: Former, changed: Iterable[str]) -> bool:
    own = {node.file for node in former.nodes.values()}
    return any(path not in own and PurePosixPath(path).suffix not in _SAYS_NOTHING_OF_MODELS for path in changed)


def _model(former: Former, model: ModelExecution, changed: Collection[str]) -> Foreseen | None:
    if not _files_of(former, model.model).isdisjoint(changed):
        return None
    behind = len(_behind(former, model.model))
    if _PASSING.search(model.error or ""):
        why = "it may pass: its error came from outside the files"
        return Foreseen(node=model.model, name=model.name, certain=False, why=why, skips=behind)
    return Foreseen(node=model.model, name=model.name, certain=True, why=_same(former, changed), skips=behind)


def _audit(former: Former, audit: Audit, selected: Collection[str], changed: Collection[str]) -> Foreseen | None:
    behind = len(_behind(former, audit.model).intersection(selected)) if audit.blocking and audit.model else 0
    if audit.model is not None and audit.model not in selected and audit.model in former.nodes:
        why = f"{former.nodes[audit.model].name} is not built again, so its rows are as they were"
        return Foreseen(node=audit.audit, name=audit.name, certain=True, why=why, skips=behind)
    if audit.model is not None and not _files_of(former, audit.model).isdisjoint(changed):
        return None
    why = f"unless the data has changed: {_same(former, changed)}"
    return Foreseen(node=audit.audit, name=audit.name, certain=False, why=why, skips=behind)


def _same(former: Former, changed: Collection[str]) -> str:
    return f"same files as #{former.run}" if not changed else f"its files, and what it reads, are as in #{former.run}"


def _files_of(former: Former, model: str) -> set[str]:
    """The files of a model and of all that it is built on."""
    files: set[str] = set()
    pending, seen = [model], {model}
    while pending:
        node = former.nodes.get(pending.pop())
        if node is None:
            continue
        files.update({node.file} if node.file else ())
        new = [parent for parent in node.parents if parent not in seen]
        seen.update(new)
        pending += new
    return files


def _behind(former: Former, model: str) -> set[str]:
    """The models of the former run that are built on this one."""
    found: set[str] = set()
    grown = True
    while grown:
        more = {
            each.model
            for each in former.models
            if each.model not in found and not found.union({model}).isdisjoint(each.parents)
        }
        found |= more
        grown = bool(more)
    return found

"""How the models of two versions of a project differ: pure, from their graphs and the files behind them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import unified_diff
from functools import cached_property

from engine.versions.definitions import definition_difference
from store.changes import ADDED, DIRECT, FORMATTING, INDIRECT, METADATA, REMOVED
from store.events import GraphNode, ModelChange

LONGEST_DIFF = 100_000
"""Characters of a definition, beyond which a diff helps nobody."""

_COMPARED_KINDS = frozenset({"model", "seed", "snapshot", "function"})
_DESCRIBED_BY_YAML = (".yml", ".yaml")
_MACRO = re.compile(r"\{%-?\s*(?:macro|materialization)\s+(\w+)(.*?)\{%-?\s*end(?:macro|materialization)", re.DOTALL)
_CALL = re.compile(r"\b(\w+)\s*\(")


@dataclass(frozen=True)
class Side:
    """One of the two versions: its nodes, the ids of its files' contents by path, and those contents that matter."""

    nodes: Mapping[str, GraphNode] = field(default_factory=dict)
    blobs: Mapping[str, str] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def macros(self) -> Mapping[str, str]:
        """The body of each macro whose file was read."""
        return {name: body for text in self.texts.values() for name, body in _MACRO.findall(text)}


@dataclass(frozen=True, slots=True)
class ModelDifferences:
    """The models that differ, and for those that differ indirectly the nearest reasons upstream, by model."""

    changes: tuple[ModelChange, ...] = ()
    causes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def compare(before: Side, after: Side, dialect: str | None = None) -> ModelDifferences:
    """What differs from `before` to `after`, by model. A node of a package is compared by what the graph says of it."""
    macros = changed_macros(before, after)
    own = {model: found for model in after.nodes if (found := _own_change(model, before, after, macros, dialect))}
    gone = [node for model, node in before.nodes.items() if model not in after.nodes]
    causes = _indirect(after.nodes, {model for model, change in own.items() if change.change in (ADDED, DIRECT)})
    indirect = {
        model: ModelChange(model=model, change=INDIRECT)
        for model in causes
        if model not in own or own[model].change in (METADATA, FORMATTING)
    }
    together = {**own, **{model: _with_diff_of(change, own.get(model)) for model, change in indirect.items()}}
    removed = [
        ModelChange(model=node.model, change=REMOVED, diff=diff(node.file, _text(before, node), ""))
        for node in gone
        if node.kind in _COMPARED_KINDS
    ]
    listed = [change for model, change in sorted(together.items()) if after.nodes[model].kind in _COMPARED_KINDS]
    return ModelDifferences(
        changes=tuple(sorted((*listed, *removed), key=lambda change: change.model)),
        causes={model: tuple(sorted(causes[model])) for model in indirect},
    )


def changed_macros(before: Side, after: Side) -> frozenset[str]:
    """The macros of the project that differ, with those that call them."""
    names = before.macros.keys() | after.macros.keys()
    changed = {
        name
        for name in names
        if definition_difference("macro.sql", before.macros.get(name, ""), after.macros.get(name, "")) == "changed"
    }
    while more := {
        name for name, body in after.macros.items() if name not in changed and not changed.isdisjoint(_calls(body))
    }:
        changed |= more
    return frozenset(changed)


def diff(path: str | None, before: str, after: str) -> str | None:
    """A unified diff; None where nothing differs, or the text is too long."""
    if before == after or max(len(before), len(after)) > LONGEST_DIFF:
        return None
    lines = unified_diff(before.splitlines(), after.splitlines(), f"a/{path}", f"b/{path}", lineterm="")
    return "\n".join(lines) or None


def _own_change(
    model: str, before: Side, after: Side, macros: frozenset[str], dialect: str | None
) -> ModelChange | None:
    """How the node itself differs; None when it does not."""
    node, former = after.nodes[model], before.nodes.get(model)
    if former is None:
        return ModelChange(model=model, change=ADDED, diff=diff(node.file, "", _text(after, node)))
    change = _definition_change(former, node, before, after, dialect)
    if change in (None, FORMATTING) and not macros.isdisjoint(_calls(_text(after, node))):
        return ModelChange(model=model, change=DIRECT, diff=_definition_diff(former, node, before, after))
    if change in (None, FORMATTING) and _described(former) != _described(node):
        return ModelChange(model=model, change=METADATA, diff=_facts_diff(_described(former), _described(node)))
    if change is None:
        return None
    shown = _definition_diff(former, node, before, after) or _facts_diff(_built(former), _built(node))
    return ModelChange(model=model, change=change, diff=shown)


def _definition_change(
    former: GraphNode, node: GraphNode, before: Side, after: Side, dialect: str | None
) -> str | None:
    if _built(former) != _built(node):
        return DIRECT
    if not _is_in(after, node) or not _is_in(before, former):
        return DIRECT if former.checksum != node.checksum else None
    if node.file is None or former.file is None or before.blobs[former.file] == after.blobs[node.file]:
        return None
    found = definition_difference(node.file, _text(before, former), _text(after, node), dialect)
    return DIRECT if found == "changed" else FORMATTING


def _is_in(side: Side, node: GraphNode) -> bool:
    """Whether the node is defined by a file of the project itself, and by nothing else."""
    return node.file in side.blobs and not (node.file or "").endswith(_DESCRIBED_BY_YAML)


def _text(side: Side, node: GraphNode) -> str:
    return side.texts.get(node.file or "", "") if _is_in(side, node) else ""


def _definition_diff(former: GraphNode, node: GraphNode, before: Side, after: Side) -> str | None:
    return diff(node.file, _text(before, former), _text(after, node))


def _built(node: GraphNode) -> Sequence[str]:
    """What decides, beside its definition, what the node is built as."""
    facts = ("materialized", "database", "schema_name", "relation", "cron")
    return [f"{fact}: {getattr(node, fact)}" for fact in facts if getattr(node, fact) is not None]


def _described(node: GraphNode) -> Sequence[str]:
    """What is said of the node, and changes no data."""
    columns = (f"column {each.name}: {each.type or ''} {each.description or ''}".rstrip() for each in node.columns)
    facts = (("description", node.description), ("owner", node.owner), ("tags", ", ".join(sorted(node.tags))))
    return [*(f"{name}: {value}" for name, value in facts if value), *sorted(columns)]


def _facts_diff(before: Sequence[str], after: Sequence[str]) -> str | None:
    lines = list(unified_diff(before, after, "a", "b", lineterm="", n=0))[2:]
    return "\n".join(line for line in lines if not line.startswith("@@")) or None


def _with_diff_of(change: ModelChange, own: ModelChange | None) -> ModelChange:
    return change.model_copy(update={"diff": own.diff}) if own is not None else change


def _calls(text: str) -> frozenset[str]:
    return frozenset(_CALL.findall(text))


def _indirect(nodes: Mapping[str, GraphNode], changed: Iterable[str]) -> dict[str, set[str]]:
    """By node downstream of the changed ones, the nearest of these; they themselves are not in it."""
    roots = set(changed)
    children: dict[str, list[str]] = {}
    for node in nodes.values():
        for parent in node.parents:
            children.setdefault(parent, []).append(node.model)
    causes: dict[str, set[str]] = {}
    for root in roots:
        pending = list(children.get(root, ()))
        while pending:
            model = pending.pop()
            if model in roots or root in causes.setdefault(model, set()):
                continue
            causes[model].add(root)
            pending += children.get(model, ())
    return causes

"""The tree of a project's models, by folder or schema and by tag, and what ticks in it mean. Values in, values out."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Literal

from store.events import GraphNode
from store.models import Tool

Ticked = Literal["all", "some", "none"]
"""Whether a branch is meant: all of it, only some below it, or as any that has no tick."""

_BUILT = frozenset({"model", "seed", "snapshot"})


@dataclass(frozen=True, slots=True)
class Branch:
    """A folder, a schema, a tag or a model. `selector` names it in the tool's own syntax, `models` what is in it."""

    key: str
    label: str
    selector: str
    models: frozenset[str]
    children: tuple["Branch", ...] = ()

    def below(self) -> Iterator["Branch"]:
        """All that is under it."""
        for child in self.children:
            yield child
            yield from child.below()


@dataclass(frozen=True, slots=True)
class Chosen:
    """What ticks come to: the selectors, none where all is meant, and the models."""

    selectors: tuple[str, ...]
    models: frozenset[str]


def branches(nodes: Iterable[GraphNode], tool: Tool) -> tuple[Branch, ...]:
    """The top of the tree. dbt selects by folder, SQLMesh by schema; both by tag and by model."""
    built = [node for node in nodes if node.kind in _BUILT]
    grouped = _folders(built) if tool == "dbt" else _schemas(built)
    return (*grouped, *_tags(built))


def choose(top: Sequence[Branch], ticked: Collection[str]) -> Chosen:
    """What is meant: of branches that are ticked within each other the deepest, which narrow the others."""
    chosen = list(_deepest(top, ticked))
    meant = chosen or top
    models = frozenset(model for branch in meant for model in branch.models)
    return Chosen(tuple(dict.fromkeys(branch.selector for branch in chosen)), models)


def tick_of(branch: Branch, ticked: Collection[str]) -> Ticked:
    """How a branch is marked: a tick below narrows it, whether or not it is ticked itself."""
    if any(each.key in ticked for each in branch.below()):
        return "some"
    return "all" if branch.key in ticked else "none"


def _deepest(top: Iterable[Branch], ticked: Collection[str]) -> Iterator[Branch]:
    for branch in top:
        below = list(_deepest(branch.children, ticked))
        if below:
            yield from below
        elif branch.key in ticked:
            yield branch


def _leaf(node: GraphNode, within: str) -> Branch:
    return Branch(f"{within}\n{node.model}", node.name, node.name, frozenset({node.model}))


def _folders(nodes: Sequence[GraphNode]) -> tuple[Branch, ...]:
    """Folders in folders, as deep as they are; what has no file stands on top by its kind."""
    placed = [
        (PurePosixPath(node.file).parent if node.file else PurePosixPath(f"{node.kind}s"), node) for node in nodes
    ]
    return _within(PurePosixPath(), placed)


def _within(folder: PurePosixPath, placed: Sequence[tuple[PurePosixPath, GraphNode]]) -> tuple[Branch, ...]:
    depth = len(folder.parts)
    names = sorted({path.parts[depth] for path, _ in placed if len(path.parts) > depth})
    found = []
    for name in names:
        inner = folder / name
        inside = [(path, node) for path, node in placed if path.parts[: depth + 1] == inner.parts]
        models = frozenset(node.model for _, node in inside)
        found.append(Branch(f"folder {inner}", f"{name}/", f"path:{inner}", models, _within(inner, inside)))
    leaves = sorted((node for path, node in placed if len(path.parts) == depth), key=lambda node: node.name)
    return (*found, *(_leaf(node, str(folder)) for node in leaves))


def _schemas(nodes: Sequence[GraphNode]) -> tuple[Branch, ...]:
    grouped: dict[str, list[GraphNode]] = {}
    for node in nodes:
        grouped.setdefault(node.name.rpartition(".")[0] or node.schema_name or "", []).append(node)
    return tuple(
        Branch(
            f"schema {schema}",
            f"{schema or 'no schema'}/",
            f"{schema}.*" if schema else "*",
            frozenset(node.model for node in inside),
            tuple(_leaf(node, schema) for node in sorted(inside, key=lambda node: node.name)),
        )
        for schema, inside in sorted(grouped.items())
    )


def _tags(nodes: Sequence[GraphNode]) -> tuple[Branch, ...]:
    tags = sorted({tag for node in nodes for tag in node.tags})
    return tuple(
        Branch(
            f"tag {tag}",
            f"tag {tag}",
            f"tag:{tag}",
            frozenset(node.model for node in nodes if tag in node.tags),
            tuple(_leaf(node, f"tag {tag}") for node in sorted(nodes, key=lambda node: node.name) if tag in node.tags),
        )
        for tag in tags
    )

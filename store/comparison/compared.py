"""The comparison of runs: a card a run, a row a model or audit. Values in, values out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from store.models import Audit, ModelExecution, Run
from store.sql_difference import SqlDifference
from store.status import GOOD, AuditStatus, ModelStatus, RunStatus

FEWEST, MOST = 2, 4
"""How many runs can be compared."""

Metric = Literal["status", "duration", "models", "rows", "failures"]

_STATUS_RANK = (RunStatus.COMPLETED, RunStatus.PARTIAL)
_GONE_WRONG = frozenset({ModelStatus.FAILED, AuditStatus.FAILED, AuditStatus.ERROR})
_GONE_WELL = frozenset({ModelStatus.SUCCEEDED, AuditStatus.PASSED, AuditStatus.WARNED})


@dataclass(frozen=True, slots=True)
class RunParts:
    """One run as it was read. `definitions` has a mark by model: where two marks differ, so do the definitions."""

    run: Run
    models: Sequence[ModelExecution] = ()
    audits: Sequence[Audit] = ()
    definitions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Card:
    """One run at a glance; `best` names the metrics in which no other run is better, and at least one is worse.

    Only a run that ended well can be the fastest: one that was stopped did not do the same in less time.
    `rows` is None where no model told how many it wrote.
    """

    run: Run
    duration_s: float | None
    models: int
    rows: int | None
    failures: int
    best: frozenset[Metric] = frozenset()


_MUCH_LONGER = 1.5
_MUCH_LONGER_S = 1.0
"""What took as many times as long, and so many seconds longer, differs; less is what machines do by themselves."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A model or an audit in one run. `definition` says how it is defined otherwise than in the row's `base`."""

    status: ModelStatus | AuditStatus
    duration_s: float | None = None
    rows: int | None = None
    failures: int | None = None
    error: str | None = None
    definition: SqlDifference = "same"


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """A model or an audit across the runs; None for a run that did not have it.

    `base` is the index of the run whose definition the others are compared with; None where none is known.
    """

    kind: Literal["model", "audit"]
    node: str
    name: str
    cells: tuple[Cell | None, ...]
    base: int | None = None

    @property
    def definition(self) -> SqlDifference:
        """How its definition differs among the runs, the most that it does."""
        found = {cell.definition for cell in self.cells if cell is not None}
        return "changed" if "changed" in found else "formatting" if "formatting" in found else "same"

    @property
    def key(self) -> str:
        """Tells the rows apart."""
        return f"{self.kind} {self.node}"

    @property
    def differs(self) -> bool:
        """Whether the runs do not agree on it: on its status, definition, rows, time, or whether it exists."""
        facts = {None if cell is None else (cell.status, cell.rows, cell.failures) for cell in self.cells}
        return len(facts) > 1 or self.definition != "same" or self.differs_in_time

    @property
    def differs_in_time(self) -> bool:
        """Whether it went well and took one run so much longer than another that a person would ask why."""
        done = [cell for cell in self.cells if cell is not None and cell.status in _GONE_WELL]
        seconds = [cell.duration_s for cell in done if cell.duration_s is not None]
        if not seconds:
            return False
        shortest, longest = min(seconds), max(seconds)
        return longest >= shortest * _MUCH_LONGER and longest - shortest >= _MUCH_LONGER_S


@dataclass(frozen=True, slots=True)
class Comparison:
    """Cards and rows; the rows that differ most come first."""

    cards: tuple[Card, ...]
    rows: tuple[ComparedRow, ...]


def compare(parts: Sequence[RunParts], now: datetime) -> Comparison:
    """The runs side by side, in the order given. A definition with another mark counts as changed."""
    rows = [*_model_rows(parts), *_audit_rows(parts)]
    return Comparison(_with_best([_card(each, now) for each in parts]), tuple(sorted(rows, key=_rank)))


def with_definitions(found: Comparison, told: Mapping[tuple[str, int], SqlDifference]) -> Comparison:
    """The comparison with what is `told` of how definitions differ, by the key of the row and the index of the run.

    The rows come in the order of what is known now.
    """
    rows = [
        replace(
            row,
            cells=tuple(
                cell and replace(cell, definition=told.get((row.key, index), cell.definition))
                for index, cell in enumerate(row.cells)
            ),
        )
        for row in found.rows
    ]
    return replace(found, rows=tuple(sorted(rows, key=_rank)))


def _card(parts: RunParts, now: datetime) -> Card:
    told = [model.rows for model in parts.models if model.rows is not None]
    wrong = [*(model.status for model in parts.models), *(audit.status for audit in parts.audits)]
    return Card(
        run=parts.run,
        duration_s=parts.run.duration_s(now),
        models=parts.run.counts.models_succeeded,
        rows=sum(told) if told else None,
        failures=sum(status in _GONE_WRONG for status in wrong),
    )


def _badness(card: Card) -> float:
    status = card.run.status
    return _STATUS_RANK.index(status) if status in _STATUS_RANK else len(_STATUS_RANK)


_LESS_IS_BETTER: Mapping[Metric, Callable[[Card], float | None]] = {
    "status": _badness,
    "duration": lambda card: card.duration_s if card.run.status in GOOD else None,
    "models": lambda card: -card.models,
    "rows": lambda card: -card.rows if card.rows is not None else None,
    "failures": lambda card: card.failures,
}


def _with_best(cards: Sequence[Card]) -> tuple[Card, ...]:
    best: list[set[Metric]] = [set() for _ in cards]
    for metric, value in _LESS_IS_BETTER.items():
        values = [value(card) for card in cards]
        known = [each for each in values if each is not None]
        if len(set(known)) < FEWEST:
            continue
        for index, each in enumerate(values):
            if each == min(known):
                best[index].add(metric)
    return tuple(
        Card(card.run, card.duration_s, card.models, card.rows, card.failures, frozenset(metrics))
        for card, metrics in zip(cards, best, strict=True)
    )


def _model_rows(parts: Sequence[RunParts]) -> list[ComparedRow]:
    by_run = [{model.model: model for model in each.models} for each in parts]
    names = {node: model.name for models in by_run for node, model in models.items()}
    return [_model_row(node, name, [models.get(node) for models in by_run], parts) for node, name in names.items()]


def _model_row(node: str, name: str, models: Sequence[ModelExecution | None], parts: Sequence[RunParts]) -> ComparedRow:
    marks = [each.definitions.get(node) if model else None for model, each in zip(models, parts, strict=True)]
    base = next((index for index, mark in enumerate(marks) if mark is not None), None)
    first = None if base is None else marks[base]
    cells = tuple(
        None if model is None else _model_cell(model, mark is not None and mark != first)
        for model, mark in zip(models, marks, strict=True)
    )
    return ComparedRow("model", node, name, cells, base)


def _model_cell(model: ModelExecution, redefined: bool) -> Cell:
    definition: SqlDifference = "changed" if redefined else "same"
    return Cell(model.status, model.duration_s, model.rows, error=model.error, definition=definition)


def _audit_rows(parts: Sequence[RunParts]) -> list[ComparedRow]:
    by_run = [_worst_by_audit(each.audits) for each in parts]
    models = {model.model: model.name for each in parts for model in each.models}
    names = {node: _audit_name(audit, models) for audits in by_run for node, audit in audits.items()}
    return [
        ComparedRow("audit", node, name, tuple(_audit_cell(audits.get(node)) for audits in by_run))
        for node, name in names.items()
    ]


_AUDIT_RANK = (AuditStatus.PASSED, AuditStatus.SKIPPED, AuditStatus.WARNED, AuditStatus.FAILED, AuditStatus.ERROR)


def _worst_by_audit(audits: Sequence[Audit]) -> dict[str, Audit]:
    """SQLMesh executes an audit once for each interval: the worst of them stands for the run."""
    ordered = sorted(audits, key=lambda audit: _AUDIT_RANK.index(audit.status))
    return {audit.audit: audit for audit in ordered}


def _audit_name(audit: Audit, models: Mapping[str, str]) -> str:
    """With its model, where the name alone does not tell it: SQLMesh's `not_null` checks many."""
    model = models.get(audit.model or "", "")
    return audit.name if model in audit.name else f"{audit.name} of {model}"


def _audit_cell(audit: Audit | None) -> Cell | None:
    if audit is None:
        return None
    return Cell(audit.status, audit.duration_s, failures=audit.failures, error=audit.error)


def _rank(row: ComparedRow) -> tuple[object, ...]:
    """The order of rows: other statuses, definitions, rows, formatting, then by how much longer one run took."""
    cells = [cell for cell in row.cells if cell is not None]
    statuses = {cell.status for cell in cells} | ({None} if len(cells) < len(row.cells) else set())
    return (
        len(statuses) == 1,
        not any(cell.status in _GONE_WRONG for cell in cells) if len(statuses) > 1 else True,
        row.definition != "changed",
        len({(cell.rows, cell.failures) for cell in cells}) == 1,
        row.definition == "same",
        -_spread_s(cells),
        row.kind == "audit",
        row.name,
    )


def _spread_s(cells: Sequence[Cell]) -> float:
    seconds = [cell.duration_s for cell in cells if cell.duration_s is not None]
    return max(seconds) - min(seconds) if seconds else 0.0

"""The files of a bundle: what is known of a run as texts, by their paths, every secret taken out. Pure."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from store.bundle.cone import cone_json, cone_text
from store.bundle.excerpts import LINES_AROUND, Excerpt
from store.bundle.material import Material
from store.bundle.summary import short_form, summary
from store.lineage.definition import Definition
from store.models import Audit, ModelExecution, Step
from store.run_failures import FAILED_AUDITS
from store.run_record import audit_key, step_key
from store.text import plain

Mask = Callable[[str], str]

_LONGEST_LINE = 2_000
_LONGEST_SHORT_LINE = 400


def files_of(material: Material, mask: Mask) -> dict[str, str]:
    """The content of each file, by its path in the bundle."""
    texts = {
        "summary.md": "\n".join(summary(material)),
        **dict(_errors(material)),
        **dict(_sql(material)),
        **{f"logs/{excerpt.log}": _excerpt_text(excerpt) for excerpt in material.excerpts},
        "lineage.txt": "\n".join(cone_text(material)) or "No model failed: there is no cone to show.",
    }
    values = {
        "run.json": material.whole,
        "lineage.json": cone_json(material),
        "versions.json": dict(material.versions),
    }
    safe = {mask(path): f"{_safe(text, mask, _LONGEST_LINE)}\n" for path, text in texts.items()}
    return safe | {path: json.dumps(_masked(value, mask), indent=2) + "\n" for path, value in values.items()}


def short_text(material: Material, mask: Mask) -> str:
    """The short form, ready to paste."""
    return _safe("\n".join(short_form(material)), mask, _LONGEST_SHORT_LINE)


def _errors(material: Material) -> Iterator[tuple[str, str]]:
    for number, (kind, name, unique, error) in enumerate(_failed(material), 1):
        cause = material.causes_of.get(unique)
        head = [f"{kind} {name} ({unique})" if unique != name else f"{kind} {name}"]
        head += [f"cause {cause.key}: {cause.pattern}"] if cause is not None else []
        yield f"errors/{number:02d}-{_file_name(name)}.txt", "\n".join([*head, "", error or "No error was recorded."])


def _failed(material: Material) -> Iterator[tuple[str, str, str, str | None]]:
    record = material.record
    for failure in material.failures:
        match failure.kind:
            case "model":
                model: ModelExecution = record.models[failure.key]
                yield "model", model.name, model.model, model.error
            case "audit":
                audit: Audit = record.audits[failure.key]
                yield "audit", audit.name, audit.audit, audit.error
            case "step":
                step: Step = next(step for step in record.steps if step_key(step) == failure.key)
                yield "step", step.name, str(step.position), record.run.status_reason


def _sql(material: Material) -> Iterator[tuple[str, str]]:
    for node, definition in material.definitions.items():
        name = _file_name(material.record.name_of(node))
        yield from ((f"sql/{name}{suffix}", text) for suffix, text in _texts(definition) if text)
    for audit in material.record.audits.values():
        if audit.status in FAILED_AUDITS and audit.sql:
            yield f"sql/audit-{_file_name(audit.name)}-{_number(material, audit):02d}.sql", audit.sql


def _texts(definition: Definition) -> tuple[tuple[str, str | None], ...]:
    ending = {"python": ".py", "csv": ".csv"}.get(definition.language, ".sql")
    return (
        (f".source{ending}", definition.source),
        (f".compiled{ending}", definition.compiled),
        (".executed.sql", definition.statement),
    )


def _number(material: Material, audit: Audit) -> int:
    """An audit may have failed for several intervals."""
    failed = [key for key, each in material.record.audits.items() if each.status in FAILED_AUDITS]
    return failed.index(audit_key(audit)) + 1


def _excerpt_text(excerpt: Excerpt) -> str:
    head = (
        f"{excerpt.errors} lines with errors, {LINES_AROUND} lines around each" if excerpt.errors else "the last lines"
    )
    return "\n".join([f"# {excerpt.log}: {head}", *("…" if line is None else line for line in excerpt.lines)])


def _file_name(name: str) -> str:
    """A name that no file system and no unpacking takes amiss."""
    return re.sub(r"[^\w.-]+", "_", name).strip("._")[:80] or "unnamed"


def _masked(value: Any, mask: Mask) -> Any:
    """Masked value by value: a pattern must not reach across the punctuation of JSON."""
    match value:
        case str():
            return mask(value)
        case dict():
            return {mask(str(name)): _masked(item, mask) for name, item in value.items()}
        case list() | tuple():
            return [_masked(item, mask) for item in value]
        case _:
            return value


def _safe(text: str, mask: Mask, longest: int) -> str:
    """Masked also where colours stand within a secret, and before anything is cut off: half of it would stay."""
    text = mask(plain(mask(text)))
    return "\n".join(line if len(line) <= longest else f"{line[:longest]}…" for line in text.split("\n"))

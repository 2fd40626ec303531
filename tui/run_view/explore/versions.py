"""The texts of a model's definition that one may look at: what was written, what was executed, what changed."""

from collections.abc import Sequence
from dataclasses import dataclass

from store.lineage.definition import Definition
from store.lineage.definition_changes import DefinitionChange, DefinitionChanges
from tui.run_view.sql_error import failing_line

_LANGUAGES = {"sql": "sql", "python": "python", "csv": None}
_DIFFERENCES = {
    "same": "the same as in",
    "formatting": "formatting only, against",
    "changed": "changed since",
    "unknown": "not comparable with",
}


@dataclass(frozen=True, slots=True)
class VersionText:
    """One of the texts. `text` is None where `said` stands for it; `mark` is the line that failed."""

    name: str
    label: str
    text: str | None = None
    language: str | None = None
    said: str = ""
    mark: int | None = None


def versions_of(changes: DefinitionChanges, error: str | None) -> list[VersionText]:
    """Source, compiled, what was executed; then what differs from the previous run and from the last good one."""
    found = [*_texts(changes.definition, error)]
    previous, good = changes.previous, changes.last_good
    if previous is not None:
        was_good = good is not None and good.run_id == previous.run_id
        found.append(_difference("previous", previous, "the last good run" if was_good else "the previous run"))
    if good is not None and (previous is None or good.run_id != previous.run_id):
        found.append(_difference("good", good, "the last good run"))
    return found


def _texts(definition: Definition, error: str | None) -> Sequence[VersionText]:
    language = _LANGUAGES[definition.language]
    marked = failing_line(error or "", definition.compiled or "")
    written = VersionText(
        "source",
        "source",
        definition.source,
        f"{language}+jinja" if language == "sql" and "{" in (definition.source or "") else language,
        definition.note,
    )
    compiled = VersionText("compiled", "compiled", definition.compiled, language, definition.note, marked)
    if definition.language != "sql":
        return [written]
    if definition.statement is None:
        return [written, compiled]
    return [written, compiled, VersionText("executed", "executed", definition.statement, language, definition.note)]


def _difference(name: str, change: DefinitionChange, of_what: str) -> VersionText:
    told = f"{_DIFFERENCES[change.kind]} #{change.run_id}, {of_what}"
    lines = [line for text in _changed_texts(change) for line in text]
    return VersionText(name, told, "\n".join(lines) if lines else None, "diff", f"{told[0].upper()}{told[1:]}.")


def _changed_texts(change: DefinitionChange) -> list[list[str]]:
    """The source's differences; those of the compiled text where only that changed: a macro did, or a variable."""
    if change.source.lines:
        return [list(change.source.lines)]
    return [list(change.compiled.lines)] if change.compiled.lines else []

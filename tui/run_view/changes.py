"""The list of what changed since an earlier run, and of the files as they were: which rows, with which cells."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from rich.text import Text

from store import wording
from store.changes import VersionChanges
from store.run_record import RunRecord
from store.text import one_line
from tui import formats
from tui.formats import styled
from tui.run_view.facts import Facts
from tui.version_text import change_text, file_line, in_order

if TYPE_CHECKING:
    from engine.client.versions import VersionFile

_SHA = 7
_CAUSES = 3


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One thing that differs, or a file as it was. `file` is set for the latter, `model` for a model."""

    key: str
    kind: Text
    what: str
    note: Text
    diff: str | None = None
    facts: Facts = ()
    file: "VersionFile | None" = None
    model: str | None = None


def since_previous(record: RunRecord) -> VersionChanges | None:
    """What the run itself told of changes since the run before; None where it told nothing."""
    previous = record.change_details.previous
    if previous is None:
        return VersionChanges(run=record.previous or 0, models=record.changes) if record.changes else None
    return previous.model_copy(update={"models": record.changes})


def rows_of(changes: VersionChanges, name_of: Callable[[str], str]) -> list[ChangeRow]:
    """Models first, those that matter most on top; then who did what, and what changed around them."""
    models = [*_models(changes, name_of)]
    return [*models, *_commits(changes), *_around(changes), *_other_files(changes, {row.what for row in models})]


def rows_of_files(files: "Sequence[VersionFile]") -> list[ChangeRow]:
    """The files as they were, by path."""
    return [
        ChangeRow(
            key=f"file {file.path}",
            kind=styled("link" if file.is_link else wording.byte_size(file.size), formats.MUTED),
            what=file.path,
            note=Text(),
            file=file,
        )
        for file in files
    ]


def cells(row: ChangeRow) -> dict[str, Text]:
    """What each column shows of a row."""
    return {"kind": row.kind, "what": Text(one_line(row.what)), "note": row.note}


def _models(changes: VersionChanges, name_of: Callable[[str], str]) -> Iterator[ChangeRow]:
    for each in in_order(changes.models):
        causes = [one_line(name_of(cause)) for cause in changes.causes.get(each.model, ())]
        more = f" and {len(causes) - _CAUSES} more" if len(causes) > _CAUSES else ""
        yield ChangeRow(
            key=f"model {each.model}",
            kind=change_text(each.change),
            what=name_of(each.model),
            note=styled(f"← {', '.join(causes[:_CAUSES])}{more}", formats.MUTED) if causes else Text(),
            diff=each.diff,
            facts=(("because of", ", ".join(causes)),) if causes else (),
            model=each.model,
        )


def _commits(changes: VersionChanges) -> Iterator[ChangeRow]:
    for undone, commits in ((False, changes.commits), (True, changes.undone)):
        for each in commits:
            note = "no longer there" if undone else one_line(each.author)
            yield ChangeRow(
                key=f"commit {each.sha}",
                kind=styled(f"· {each.sha[:_SHA]}", formats.MUTED),
                what=each.subject,
                note=styled(note, formats.MUTED),
                facts=(("commit", each.sha), ("author", each.author), ("at", f"{each.at:%Y-%m-%d %H:%M %Z}")),
            )


def _around(changes: VersionChanges) -> Iterator[ChangeRow]:
    for each in changes.configuration:
        note = styled("configuration", formats.MUTED)
        yield ChangeRow(f"file {each.path}", change_text("directly_modified"), each.path, note, each.diff)
    for word, settings in (("setting", changes.settings), ("package", changes.packages)):
        for setting in settings:
            before, after = (one_line(value) if value else "none" for value in (setting.before, setting.after))
            yield ChangeRow(
                key=f"{word} {setting.name}",
                kind=styled(f"~ {word}", formats.WARNING),
                what=setting.name,
                note=Text(f"{before} → {after}"),
                facts=(("before", before), ("now", after)),
            )


def _other_files(changes: VersionChanges, models: set[str]) -> Iterator[ChangeRow]:
    """Files that no row above stands for: tests, macros, descriptions, documents."""
    shown = {each.path for each in changes.configuration}
    for each in changes.files:
        path = PurePosixPath(each.path)
        if each.path not in shown and path.stem not in models:
            mark = file_line(each)[:2]
            yield ChangeRow(f"file {each.path}", mark.append(each.change), each.path, styled("file", formats.MUTED))

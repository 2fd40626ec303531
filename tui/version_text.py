"""What changed between two runs, and what restoring would do: as lines, for screens and commands alike."""

from collections.abc import Iterator, Mapping, Sequence

from rich.text import Text

from store.changes import ADDED, CHANGE_KINDS, DIRECT, REMOVED, WORDS, FileChange, SettingChange, VersionChanges
from store.events import ModelChange
from store.text import one_line, plain
from store.wording import counted
from tui import formats
from tui.formats import styled

_MARKS = {ADDED: ("+", formats.GOOD), REMOVED: ("-", formats.BAD), DIRECT: ("~", formats.WARNING)}
_FILE_MARKS = {"added": ("+", formats.GOOD), "deleted": ("-", formats.BAD), "modified": ("~", formats.WARNING)}
_WIDEST = max(map(len, WORDS.values()))
_SHA = 7


def change_text(change: str) -> Text:
    """A kind of change as a mark and a word: `~ modified`."""
    mark, style = _MARKS.get(change, ("·", formats.MUTED))
    return styled(f"{mark} {WORDS.get(change, one_line(change))}", style)


def counts_text(changes: Sequence[ModelChange]) -> str:
    """How many models changed in which way: `1 modified, 3 indirect`."""
    counts = [(kind, sum(each.change == kind for each in changes)) for kind in CHANGE_KINDS]
    return ", ".join(f"{count:,} {WORDS[kind]}" for kind, count in counts if count)


def change_lines(changes: VersionChanges, names: Mapping[str, str]) -> list[Text]:
    """All that differs, in sections; `names` are those that people use, by unique names."""
    sections = (
        ("Models", [_model_line(each, changes.causes, names) for each in in_order(changes.models)]),
        ("Commits", [*_commit_lines(changes)]),
        ("Configuration", [Text(f"~ {one_line(each.path)}") for each in changes.configuration]),
        ("Settings", [setting_line(each) for each in changes.settings]),
        ("Packages", [setting_line(each) for each in changes.packages]),
        ("Files", [file_line(each) for each in changes.files]),
    )
    lines: list[Text] = []
    for title, found in sections:
        if found:
            lines += [Text(), styled(title, "bold"), *(Text("  ").append_text(line) for line in found)]
    return lines[1:]


def in_order(changes: Sequence[ModelChange]) -> list[ModelChange]:
    """What matters most first."""
    ranks = {kind: rank for rank, kind in enumerate(CHANGE_KINDS)}
    return sorted(changes, key=lambda each: (ranks.get(each.change, len(ranks)), each.model))


def setting_line(change: SettingChange) -> Text:
    """What it was and what it is: `threads  4 → 8`."""
    before, after = (one_line(value) if value else "none" for value in (change.before, change.after))
    return Text(f"{one_line(change.name)}  {before} → {after}")


def file_line(change: FileChange) -> Text:
    """`+ models/new.sql`."""
    mark, style = _FILE_MARKS[change.change]
    return styled(f"{mark} ", style).append(one_line(change.path))


def diff_text(diff: str) -> Text:
    """A unified diff in colours."""
    styles = {"+": formats.GOOD, "-": formats.BAD, "@": formats.MUTED}
    lines = [styled(plain(line).expandtabs(4), styles.get(line[:1], "")) for line in diff.split("\n")]
    return Text("\n").join(lines)


def restore_lines(changes: Sequence[FileChange], most: int | None = None) -> list[Text]:
    """The files that a restore touches, and how many more there are beyond the first `most`."""
    shown = changes if most is None else changes[:most]
    more = len(changes) - len(shown)
    return [*map(file_line, shown), *([styled(f"and {counted(more, 'more file')}", formats.MUTED)] if more else [])]


def restore_summary(changes: Sequence[FileChange]) -> str:
    """`3 files change: 1 added, 2 deleted`."""
    kinds = ("added", "modified", "deleted")
    counts = [(kind, sum(each.change == kind for each in changes)) for kind in kinds]
    verb = "changes" if len(changes) == 1 else "change"
    return f"{counted(len(changes), 'file')} {verb}: " + ", ".join(f"{n:,} {kind}" for kind, n in counts if n)


def _model_line(change: ModelChange, causes: Mapping[str, Sequence[str]], names: Mapping[str, str]) -> Text:
    text = change_text(change.change)
    text.append(" " * (_WIDEST + 4 - text.cell_len)).append(one_line(names.get(change.model, change.model)))
    if reasons := causes.get(change.model):
        text.append("  ← " + ", ".join(one_line(names.get(each, each)) for each in reasons[:3]), formats.MUTED)
    return text


def _commit_lines(changes: VersionChanges) -> Iterator[Text]:
    for undone, commits in ((False, changes.commits), (True, changes.undone)):
        for each in commits:
            line = styled(f"{each.sha[:_SHA]} ", formats.MUTED).append(f"{one_line(each.author)}  ", "bold")
            line.append(one_line(each.subject), "strike" if undone else "")
            yield line.append("  no longer there", formats.MUTED) if undone else line

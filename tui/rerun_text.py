"""What a re-run would do, as lines: for the command line and for the dialog."""

from collections.abc import Mapping, Sequence

from rich.text import Text

from engine.protocol import RerunMode, RerunPreview
from store.text import one_line
from store.wording import counted, duration
from tui import formats
from tui.formats import styled

MODES: Mapping[RerunMode, tuple[str, str]] = {
    # What it is called, and what it means.
    "latest": ("latest", "everything again, with the files as they are now"),
    "same": ("same version", "everything again, with the files that it saw"),
    "failed": ("failed only", "what failed, was skipped or was cancelled"),
}
_PINNED = "everything again, with the files to which the job is pinned"
_NAMED = 8


def meaning_of(mode: RerunMode, preview: RerunPreview | None = None) -> str:
    """What a way to run again means, as far as is known: of a job that is pinned the latest files are those."""
    pinned = mode == "latest" and preview is not None and preview.version is not None
    return _PINNED if pinned else MODES[mode][1]


def rerun_facts(preview: RerunPreview, all_names: bool = False) -> list[tuple[str, Text]]:
    """What a re-run would do, each with what it is about: files, models, time, commands. No label: more of the last.

    What may be long comes last: a command that names each model fills a dialog.
    """
    audits = preview.audits if preview.mode == "failed" else ()
    return [
        ("files", Text(one_line(preview.source))),
        ("models", Text(_names(preview.models, all_names))),
        *([("audits", Text(_names(audits, all_names)))] if audits else []),
        ("takes", Text(_expected(preview))),
        *(("", styled(note, formats.MUTED)) for note in preview.notes),
        *(("" if number else "runs", styled(one_line(each), "bold")) for number, each in enumerate(preview.commands)),
    ]


def foreseen_lines(preview: RerunPreview) -> list[Text]:
    """What is bound to fail again, or may, and why."""
    lines = []
    for each in preview.foreseen:
        style = formats.BAD if each.certain else formats.WARNING
        word = "bound to fail" if each.certain else "may fail again"
        line = styled(f"{'✗' if each.certain else '▲'} {one_line(each.name)} ", style)
        line.append(f"{word}: {each.why}" if each.certain else f"{word}, {each.why}")
        if each.skips:
            line.append(f"; {counted(each.skips, 'model')} behind it", formats.MUTED)
        lines.append(line)
    return lines


def _names(names: Sequence[str] | None, all_names: bool) -> str:
    if names is None:
        return "not known yet"
    if not names:
        return "none"
    shown = names if all_names else names[:_NAMED]
    more = len(names) - len(shown)
    return f"{len(names):,}: " + ", ".join(map(one_line, shown)) + (f" and {more:,} more" if more else "")


def _expected(preview: RerunPreview) -> str:
    if preview.expected_s is None:
        return "not known: no run of this job went well yet"
    return f"about {duration(preview.expected_s)}, as it took before"

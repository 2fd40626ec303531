"""How a comparison reads, on the screen and in the terminal."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, tzinfo

from rich.text import Text

from store import wording
from store.comparison.compared import Card, Cell, ComparedRow, Comparison, Metric
from store.comparison.redefinitions import DefinitionStep
from store.sql_difference import SqlDifference
from store.text import one_line, plain, visible
from tui import formats

BEST = "★"
"""Stands behind the best of a metric."""

REDEFINED = "Δ"
"""Stands behind a model whose definition is not that of the first run."""

REFORMATTED = "≈"
"""Stands behind one that is only formatted otherwise there: it says the same."""


_NAME_WIDTHS = {2: 20, 3: 20, 4: 17}
"""By the number of runs, the cells that a name has at least: four runs fit side by side into 80 cells."""

_WIDEST_NAME, _WIDE_CELL = 46, 24


def widths(room: int, runs: int) -> tuple[int, int]:
    """How wide the names and the column of each run are, two cells apart: cards and rows stand below each other."""
    room -= 2 * (runs + 1)
    name = max(_NAME_WIDTHS[runs], min(_WIDEST_NAME, room - runs * _WIDE_CELL))
    return name, max(1, (room - name) // runs)


def card_rows(cards: Sequence[Card], now: datetime, zone: tzinfo | None = None) -> list[tuple[str, list[Text]]]:
    """The cards as lines: a label, and what it says of each run. What is the same of all is left to `origin`."""
    return [
        *_origin_rows(cards),
        ("started", [Text(wording.short_time(card.run.started_at, now, zone), formats.MUTED) for card in cards]),
        ("status", [_marked(card, "status", formats.status_text(card.run.status)) for card in cards]),
        ("duration", [_marked(card, "duration", Text(wording.duration(card.duration_s))) for card in cards]),
        ("models", [_marked(card, "models", formats.model_counts(card.run.counts, gap=" ")) for card in cards]),
        ("rows", [_marked(card, "rows", Text(wording.count(card.rows))) for card in cards]),
        ("failures", [_marked(card, "failures", _failures(card)) for card in cards]),
    ]


def origin(cards: Sequence[Card]) -> str:
    """The job and the environment, where the runs share them."""
    shared = [{card.run.name for card in cards}, {_place(card) for card in cards}]
    return "  ".join(one_line(*facts) for facts in shared if len(facts) == 1)


def _origin_rows(cards: Sequence[Card]) -> Iterator[tuple[str, list[Text]]]:
    for label, facts in (("job", [card.run.name for card in cards]), ("where", [_place(card) for card in cards])):
        if len(set(facts)) > 1:
            yield label, [Text(one_line(fact)) for fact in facts]


def _place(card: Card) -> str:
    return f"{card.run.project}/{card.run.environment}"


def _failures(card: Card) -> Text:
    return Text(f"{card.failures:,}", formats.BAD if card.failures else "")


def _marked(card: Card, metric: Metric, text: Text) -> Text:
    return text.append(f" {BEST}", formats.GOOD) if metric in card.best else text


def cell_text(cell: Cell | None, width: int | None = None) -> Text:
    """One model or audit in one run: `✓ 12.3s 336,776 Δ`. What matters least goes first where `width` is too small."""
    if cell is None:
        return Text(wording.NOTHING, formats.MUTED)
    for timed, counted in ((True, True), (cell.failures is None, False)):
        text = _cell_text(cell, timed, counted)
        if width is None or text.cell_len <= width:
            break
    return text


def _cell_text(cell: Cell, timed: bool, counted: bool) -> Text:
    look = formats.status_look(cell.status)
    text = formats.styled(look.glyph, look.style)
    if timed and cell.duration_s is not None:
        text.append(f" {wording.duration(cell.duration_s):>6}")
    if counted and cell.rows is not None:
        text.append(f" {cell.rows:,}", formats.MUTED)
    if cell.failures:
        text.append(f" {cell.failures:,} ✗", formats.BAD)
    if cell.definition == "changed":
        text.append(f" {REDEFINED}", formats.WARNING)
    elif cell.definition == "formatting":
        text.append(f" {REFORMATTED}", formats.MUTED)
    return text


def summary(comparison: Comparison) -> str:
    """How much differs, in a sentence."""
    differing = [row for row in comparison.rows if row.differs]
    if not differing:
        return "The models and audits of these runs agree, and took about as long."
    models = sum(row.kind == "model" for row in differing)
    parts = [wording.counted(models, "model")] if models else []
    if audits := len(differing) - models:
        parts.append(wording.counted(audits, "audit"))
    verb = "differs" if len(differing) == 1 else "differ"
    redefined, reformatted = (
        sum(row.definition == kind for row in comparison.rows) for kind in ("changed", "formatting")
    )
    said = [f"{redefined:,} defined otherwise ({REDEFINED})"] if redefined else []
    said += [f"{reformatted:,} only formatted ({REFORMATTED})"] if reformatted else []
    slower = sum(row.differs_in_time for row in differing)
    said += [f"{slower:,} in {'its' if slower == 1 else 'their'} time"] if slower else []
    return f"{' and '.join(parts)} {verb}" + (f"; {', '.join(said)}." if said else ".")


def row_lines(row: ComparedRow, cards: Sequence[Card]) -> Iterator[Text]:
    """What each run says of a model or audit, its errors in full."""
    yield Text.assemble((one_line(row.name), "bold"), (f"  {row.kind}", formats.MUTED))
    for card, cell in zip(cards, row.cells, strict=True):
        number = f"#{card.run.id}"
        yield Text.assemble((f"{number:>8}  ", formats.MUTED), cell_text(cell))
        for line in (cell.error or "").splitlines() if cell is not None else ():
            yield formats.styled(f"          {visible(plain(line))}", formats.BAD)


_DIFFERENCE_STYLES = (("@@", formats.MUTED), ("+", formats.GOOD), ("-", formats.BAD))


_DIFFERENCES: Mapping[SqlDifference, str] = {
    "same": "  the same",
    "formatting": f"  in formatting only ({REFORMATTED}): it says the same",
    "changed": "",
}


def step_lines(step: DefinitionStep) -> Iterator[Text]:
    """How a definition differs from one run to another."""
    yield Text()
    yield Text.assemble(
        (f"Definition in #{step.before} → #{step.after}", "bold"), (_DIFFERENCES[step.difference], formats.MUTED)
    )
    for line in step.lines:
        style = next((style for start, style in _DIFFERENCE_STYLES if line.startswith(start)), "")
        yield formats.styled(visible(plain(line)), style)

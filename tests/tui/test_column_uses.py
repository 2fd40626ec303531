"""How it is told which models need a column that is no part of their own columns: on the schema page and as text."""

from store.lineage.column_lineage import ColumnStep, ColumnTrace, UsedIn
from store.lineage.model_json import trace_json
from tui.command_line.model_text import trace_lines
from tui.run_view.explore.schema_rows import trace_cells, trace_note, trace_rows, ways_text

DAILY = UsedIn("w.marts.carrier_daily", "marts.carrier_daily", ("join", "filter"), 1)
MONTHLY = UsedIn("w.marts.monthly", "marts.monthly", ("group",), 2)
KEY = ColumnTrace("w.raw.airlines", "carrier_code", "TEXT", used_in=(DAILY, MONTHLY))


def test_a_column_that_is_only_joined_on_does_not_look_unused() -> None:
    cells = [{name: text.plain for name, text in trace_cells(row).items()} for row in trace_rows(KEY)]
    assert cells == [
        {"column": "no column is made of it"},
        {"column": "also used in 2 models"},
        {"distance": "1", "column": "  join or filter", "model": "marts.carrier_daily"},
        {"distance": "2", "column": "  group by", "model": "marts.monthly"},
        {"column": "made of no other column"},
    ]
    assert len({row.key for row in trace_rows(KEY)}) == len(cells)
    said = "carrier_code   also used to join, filter or group by in marts.carrier_daily, marts.monthly"
    assert trace_note(KEY).plain == said


def test_a_column_that_nothing_needs_says_so() -> None:
    unused = ColumnTrace("w.raw.airlines", "note")
    assert trace_cells(trace_rows(unused)[0])["column"].plain == "used by no other column"
    assert trace_note(unused).plain == "note"
    assert "Also used to" not in "\n".join(trace_lines(unused, "raw.airlines"))


def test_the_description_of_the_chosen_column_is_told_to_its_end() -> None:
    column = ColumnTrace("w.a", "n", used_in=(DAILY,))
    said = "n   How many there were.   also used to join or filter in marts.carrier_daily"
    assert trace_note(column, "How many\nthere were.").plain == said


def test_many_models_are_counted_in_the_sentence() -> None:
    uses = tuple(UsedIn(f"w.m{number}", f"m{number}", ("order",), 1) for number in range(5))
    assert (
        trace_note(ColumnTrace("w.a", "n", used_in=uses)).plain == "n   also used to order by in m0, m1, m2 and 2 more"
    )


def test_as_text_and_as_json() -> None:
    lines = list(trace_lines(KEY, "raw.airlines"))
    assert lines[lines.index("Also used to") :] == [
        "Also used to",
        "    1  join or filter in marts.carrier_daily",
        "    2  group by in marts.monthly",
    ]
    assert trace_json(KEY)["used_in"] == [
        {"model": DAILY.node, "name": DAILY.name, "to": ["join", "filter"], "distance": 1},
        {"model": MONTHLY.node, "name": MONTHLY.name, "to": ["group"], "distance": 2},
    ]


def test_ways_read_as_a_sentence() -> None:
    assert ways_text(("join",)) == "join"
    assert ways_text(("join", "filter", "group", "order")) == "join, filter, group by or order by"


def test_users_come_before_other_uses() -> None:
    step = ColumnStep("w.core.flights", "core.flights", "carrier", 1)
    headings = [row.heading for row in trace_rows(ColumnTrace("w.a", "n", users=(step,), used_in=(DAILY,)))]
    assert [heading for heading in headings if heading] == [
        "used by 1 column",
        "also used in 1 model",
        "made of no other column",
    ]

"""Rows that an audit found fault with."""

from store.samples import AuditSample
from tests.tui.conftest import WorldMaker
from tests.tui.run.test_run_screen import line_with
from tests.tui.staging import staged_app, text_of, until, until_shown
from tui.run_view.sample_text import sample_text


def test_columns_stand_below_each_other() -> None:
    sample = AuditSample(columns=("n", "name"), rows=(("1", "日本"), ("22", None), ("3", "NULL\x1b[31m\nx")))
    text = sample_text(sample, 7)
    assert text.plain.splitlines() == ["failing rows, 3 of 7", "n   name", "1   日本", "22  NULL", "3   NULL x"]


def test_long_values_are_cut() -> None:
    text = sample_text(AuditSample(columns=("n",), rows=(("x" * 60,),)), 1)
    assert text.plain.splitlines()[1:] == ["n", "x" * 31 + "…"]


def test_rows_may_be_shorter_than_they_should() -> None:
    text = sample_text(AuditSample(columns=("a", "b"), rows=(("1",), ())), None)
    assert text.plain == "failing rows, 2\na  b\n1\n"


async def test_they_stand_in_the_audits_detail(make_world: WorldMaker) -> None:
    world = make_world("failed")
    async with staged_app(world, world.runs["failed"]).run_test(size=(120, 40)) as pilot:
        await until_shown(pilot, "took down 3 models")
        await pilot.press("2")
        await until_shown(pilot, "failing rows, 5 of 2,512")
        assert "N511MQ" in line_with(pilot, "  MQ  ")
        assert "NULL" in text_of(pilot)
        await pilot.press("j")
        await until(pilot, lambda: "failing rows" not in text_of(pilot), "an audit without failing rows")

"""The page of runs side by side, over a record in which one run went well and the next did not."""

import asyncio
import json

import pytest
from textual.pilot import Pilot

from store.definitions import definition_file
from store.sql_difference import SqlDifference
from tests.tui.conftest import WorldMaker
from tests.tui.staging import staged_app, text_of, until, until_shown, until_still
from tests.worlds import World
from tui.screens.compare import CompareScreen
from tui.screens.run import RunScreen
from tui.widgets.run.table import RunTable

SIZES = ("80x24", "120x40")
SCENES: dict[str, tuple[tuple[str, ...], str]] = {
    # The scene: the keys after `c`, what is seen when all is there.
    "rows": ((), "int_delays"),
    "all": (("d", "G"), "unique_stg"),
    "difference": (("enter",), "Binder Error"),
    "formatting": ((), "(≈)"),
    "formatting-diff": (("G", "enter"), "it says the same"),
}


@pytest.fixture
def world(make_world: WorldMaker) -> World:
    return make_world("failed")


async def open_comparison(pilot: Pilot[None]) -> None:
    await until_shown(pilot, "int_delays took down")
    await pilot.press("c")
    await until(pilot, lambda: isinstance(pilot.app.screen, CompareScreen), "the comparison")
    await until_shown(pilot, "differ")


async def test_c_puts_a_run_beside_the_one_before(world: World) -> None:
    failed = world.runs["failed"]
    async with staged_app(world, failed).run_test(size=(100, 30)) as pilot:
        await open_comparison(pilot)
        shown = text_of(pilot)
        assert f"#{failed}" in shown
        assert "✗ failed" in shown
        assert "✓ completed ★" in shown


async def test_back_and_forward_keep_its_place(world: World) -> None:
    async with staged_app(world, world.runs["failed"]).run_test(size=(100, 30)) as pilot:
        await open_comparison(pilot)
        await pilot.press("d", *"jjjjj")
        await until_still(pilot)
        left = text_of(pilot)
        chosen = pilot.app.screen.query_one(RunTable).cursor_key
        await pilot.press("H")
        await until(pilot, lambda: isinstance(pilot.app.screen, RunScreen), "the run")
        await pilot.press("L")
        await until(pilot, lambda: isinstance(pilot.app.screen, CompareScreen), "the comparison")
        await until(pilot, lambda: text_of(pilot) == left, "the page as it was left")
        assert pilot.app.screen.query_one(RunTable).cursor_key == chosen


async def test_enter_shows_what_each_run_says_and_escape_goes_back_step_by_step(world: World) -> None:
    async with staged_app(world, world.runs["failed"]).run_test(size=(100, 30)) as pilot:
        await open_comparison(pilot)
        assert pilot.app.screen.query_one(RunTable).cursor_row == 0
        await pilot.press("enter")
        await until_shown(pilot, 'Referenced column "tailnum" not found')
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.screen.query_one(RunTable).has_focus, "the rows to be back")
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, RunScreen), "the run to be back")


async def test_d_shows_also_what_agrees(world: World) -> None:
    async with staged_app(world, world.runs["failed"]).run_test(size=(100, 40)) as pilot:
        await open_comparison(pilot)
        table = pilot.app.screen.query_one(RunTable)
        differing = table.row_count
        await pilot.press("d")
        await until(pilot, lambda: table.row_count > differing, "all rows")
        await pilot.press("d")
        await until(pilot, lambda: table.row_count == differing, "the differing rows")


def redefine(world: World) -> None:
    """Between the two runs, one model was written otherwise and another one changed; a third stayed as it was."""
    before = {
        "stg_flights": "select a, b from t where a > 1",
        "stg_planes": "select a from p",
        "stg_weather": "select w",
    }
    after = before | {"stg_flights": "SELECT a,\n  b -- why\nFROM t\nWHERE a > 1", "stg_planes": "select b from p"}
    for run_id, texts in ((world.runs["failed"] - 1, before), (world.runs["failed"], after)):
        files = world.paths.run(run_id)
        nodes = {f"model.flights.{name}": {"language": "sql", "raw_code": text} for name, text in texts.items()}
        manifest = {"metadata": {"adapter_type": "duckdb"}, "nodes": nodes}
        (files.target / "manifest.json").write_text(json.dumps(manifest))
        for name, text in texts.items():
            mark = definition_file(files, f"model.flights.{name}")
            mark.parent.mkdir(exist_ok=True)
            mark.write_text(text)


async def test_formatting_is_told_from_a_change_once_it_is_known(world: World) -> None:
    redefine(world)
    async with staged_app(world, world.runs["failed"]).run_test(size=(100, 30)) as pilot:
        await open_comparison(pilot)
        await until_shown(pilot, "1 defined otherwise (Δ), 1 only formatted (≈).")
        rows = {line.split()[0]: line for line in text_of(pilot).splitlines() if line.split()}
        assert rows["stg_planes"].rstrip().endswith("Δ")
        assert rows["stg_flights"].rstrip().endswith("≈")
        pilot.app.screen.query_one(RunTable).select_key("model model.flights.stg_flights")
        await pilot.press("enter")
        await until_shown(pilot, "in formatting only (≈): it says the same")


async def test_the_page_is_there_before_formatting_is_told(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    redefine(world)
    wanted = asyncio.Event()

    async def waiting(before: str, after: str, dialect: str | None) -> SqlDifference:
        await wanted.wait()
        return "formatting"

    monkeypatch.setattr(world.services.sql, "difference", waiting)
    async with staged_app(world, world.runs["failed"]).run_test(size=(100, 30)) as pilot:
        await open_comparison(pilot)
        await until_shown(pilot, "2 defined otherwise (Δ).")
        wanted.set()
        await until_shown(pilot, "2 only formatted (≈).")


async def test_the_first_run_of_a_job_has_nothing_to_be_compared_with(world: World) -> None:
    first = min(world.runs.values())
    async with staged_app(world, first).run_test(size=(100, 30), notifications=True) as pilot:
        await until_shown(pilot, f"#{first} ")
        await pilot.press("c")
        await until_shown(pilot, "is the first of its job")


@pytest.mark.snapshot
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scene", SCENES)
def test_compare(scene: str, size: str, world: World, snap_compare: object, monkeypatch: pytest.MonkeyPatch) -> None:
    keys, seen = SCENES[scene]
    monkeypatch.delenv("NO_COLOR", raising=False)
    if scene.startswith("formatting"):
        redefine(world)

    async def stage(pilot: Pilot[None]) -> None:
        await until_still(pilot)
        await open_comparison(pilot)
        await until_still(pilot)
        for key in keys:
            await pilot.press(key)
        await until_shown(pilot, seen)
        await until_still(pilot)

    width, height = map(int, size.split("x"))
    assert callable(snap_compare)
    assert snap_compare(staged_app(world, world.runs["failed"]), terminal_size=(width, height), run_before=stage)

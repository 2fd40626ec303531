"""The batches of a model, in its detail."""

from datetime import timedelta

from store.batches import Batch
from store.events import Interval
from store.models import InterruptedInterval
from store.status import ModelStatus
from tests.tui.conftest import WorldMaker
from tests.tui.run.records import START, at
from tests.tui.staging import staged_app, text_of, until_shown
from tui.run_view.batch_lines import MOST, batch_lines


def a_batch(number: int, status: ModelStatus = ModelStatus.SUCCEEDED, of: int = 12) -> Batch:
    day = START.replace(hour=0) + timedelta(days=number)
    ended = status is ModelStatus.SUCCEEDED
    interval = Interval(start=day, end=day + timedelta(days=1))
    return Batch(number, of, status, interval, 28_834 if ended else None, 1.2 if ended else None, at(5), None)


def torn(batch: Batch, repaired_by: int | None = None) -> InterruptedInterval:
    assert batch.interval is not None
    span = batch.interval
    return InterruptedInterval(model="a", start=span.start, end=span.end, repaired_by=repaired_by)


def said(*batches: Batch, broken: tuple[InterruptedInterval, ...] = ()) -> list[str]:
    return [" ".join(line.plain.split()) for line in batch_lines(batches, broken, at(9))]


def test_each_has_its_interval_rows_and_duration() -> None:
    assert said(a_batch(1), a_batch(2, ModelStatus.RUNNING)) == [
        "✓ 1/12 2026-11-22 → 2026-11-23 28,834 rows 1.2s",
        "● 2/12 2026-11-23 → 2026-11-24 4.0s",
    ]


def test_the_one_that_was_torn_is_marked() -> None:
    second = a_batch(2, ModelStatus.CANCELLED)
    assert said(a_batch(1), second, broken=(torn(second),))[1].endswith("▲ half-written")
    assert said(a_batch(1), second, broken=(torn(second, 8),))[1].endswith("half-written, repaired by #8")
    assert "half-written" not in said(a_batch(1), second, broken=(torn(second),))[0]


def test_what_is_built_in_one_go_has_no_list() -> None:
    assert said(a_batch(1, of=1)) == []


def test_of_very_many_the_last_are_shown() -> None:
    lines = said(*(a_batch(number, of=365) for number in range(1, MOST + 4)))
    assert (len(lines), lines[0]) == (MOST + 1, "3 earlier ones")


async def test_a_stopped_run_marks_its_torn_batch(make_world: WorldMaker) -> None:
    world = make_world("mesh")
    async with staged_app(world, world.runs["torn"]).run_test(size=(120, 60)) as pilot:
        await until_shown(pilot, "half-written interval")
        await pilot.press("j")
        await until_shown(pilot, "4/12")
        torn_batch = next(line for line in text_of(pilot).splitlines() if "4/12" in line)
        assert "2013-04-01 → 2013-05-01" in torn_batch
        assert torn_batch.rstrip().endswith("▲ half-written")

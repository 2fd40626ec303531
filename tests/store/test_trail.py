"""Who did what: in the order of time, page by page, of the workspace and of one run."""

from datetime import timedelta

import pytest

from store.reads import StoreReader
from store.trail import TrailFilter, trail_filter
from store.triage import Action, ActionName
from store.writes import StoreWriter
from tests.store.making import BEGIN, request

ALL = TrailFilter()


def action(
    minute: int, name: ActionName, run: int | None = 1, author: str = "anna", detail: str | None = None
) -> Action:
    return Action(at=BEGIN + timedelta(minutes=minute), author=author, action=name, run_id=run, detail=detail)


@pytest.fixture
async def _filled(writer: StoreWriter) -> None:
    await writer.create_run(request(1))
    # Told run by run, as when the store is made again: the order is that of time.
    for each in (
        action(1, "start"),
        action(5, "acknowledge", detail="the *vendor* renamed it"),
        action(2, "start", 2, "ben"),
        action(6, "delete", 2, "ben"),
        action(3, "create_token", None, detail="airflow"),
    ):
        await writer.record_action(each)


@pytest.mark.usefixtures("_filled")
class TestReading:
    async def test_it_is_in_the_order_of_time(self, reader: StoreReader) -> None:
        entries = await reader.trail.page(ALL, 10)
        told = [(entry.action.action, entry.run_name) for entry in entries]
        assert told == [
            ("start", "nightly"),
            ("start", None),
            ("create_token", None),
            ("acknowledge", "nightly"),
            ("delete", None),
        ]
        assert [each.action for each in await reader.triage.actions(2)] == ["delete", "acknowledge"]

    async def test_pages_follow_each_other_and_places_are_known(self, reader: StoreReader) -> None:
        everything = await reader.trail.page(ALL, 10)
        first = await reader.trail.page(ALL, 2)
        assert first + await reader.trail.page(ALL, 9, first[-1]) == everything
        assert await reader.trail.count(ALL) == len(everything) == 5
        for place, entry in enumerate(everything):
            assert await reader.trail.at(ALL, place) == entry
            assert await reader.trail.at(ALL, place - 5) == entry
            assert await reader.trail.position(ALL, entry.id) == place
            assert await reader.trail.entry(entry.id) == entry
        assert await reader.trail.at(ALL, 5) is None

    async def test_it_is_narrowed_to_a_run_and_by_words(self, reader: StoreReader) -> None:
        of_run = TrailFilter(2)
        assert [entry.action.author for entry in await reader.trail.page(of_run, 9)] == ["ben", "ben"]
        assert await reader.trail.count(of_run) == 2
        for text, count in (("VENDOR", 1), ("anna start", 1), ("create token", 1), ("nightly", 2), ("%", 0)):
            assert await reader.trail.count(trail_filter(text)) == count, text
        (ben, _) = await reader.trail.page(of_run, 9)
        assert await reader.trail.position(trail_filter("anna"), ben.id) is None

    async def test_what_is_told_twice_stands_there_once(self, writer: StoreWriter, reader: StoreReader) -> None:
        await writer.record_action(action(5, "acknowledge", detail="the *vendor* renamed it"))
        assert await reader.trail.count(ALL) == 5


def test_a_number_with_a_sign_is_a_run_and_all_else_are_words() -> None:
    assert trail_filter("#12 anna 13") == TrailFilter(12, ("anna", "13"))
    assert trail_filter(f"#{'9' * 30} #x") == TrailFilter(None, (f"#{'9' * 30}", "#x"))

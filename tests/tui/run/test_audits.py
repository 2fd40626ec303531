"""The list of audits."""

import re

from tests.tui.conftest import WorldMaker
from tests.tui.run.records import a_record, an_audit
from tests.tui.staging import staged_app, text_of, until_shown
from tui.run_view.audits import cells, namesakes

CARRIER = an_audit("accepted", audit="x:carrier", arguments={"column": "carrier"})
ORIGIN = an_audit("accepted", audit="x:origin", arguments={"column": "origin"})
ALONE = an_audit("unique", arguments={"column": "id"})


def test_audits_of_one_name_are_told_apart() -> None:
    found = (CARRIER, ORIGIN, ALONE)
    shared = namesakes(found)
    said = [cells(audit, a_record(*found), shared)["name"].plain for audit in found]
    assert said == ["accepted  carrier", "accepted  origin", "unique"]


async def test_nothing_is_left_empty_while_names_are_cut(make_world: WorldMaker) -> None:
    world = make_world("completed")
    async with staged_app(world, world.runs["completed"]).run_test(size=(160, 45)) as pilot:
        await until_shown(pilot, "Audits")
        await pilot.press("2")
        await until_shown(pilot, "if it fails")
        rows = [line for line in text_of(pilot).splitlines() if " passed" in line]
        assert rows
        assert not [row for row in rows if re.search(r"…\s{8}", row[:80])]

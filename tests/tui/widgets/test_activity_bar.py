"""The line over the recent activity, at any width."""

from tui.activity_filter import ActivityFilter
from tui.widgets.activity_bar import bar_line

LONG = ActivityFilter(tab="failed", newest_first=False).with_text("job:nightly")


def test_the_tabs_are_there_while_there_is_room() -> None:
    assert bar_line(LONG, 80).plain.split() == [
        *("All", "Active", "Completed", "Failed", "Cancelled"),
        *("oldest", "first", "/", "job:nightly"),
    ]


def test_what_narrows_the_list_is_seen_before_the_other_tabs() -> None:
    line = bar_line(LONG, 58)

    assert line.plain.split() == ["Failed", "1-5", "oldest", "first", "/", "job:nightly"]
    assert line.cell_len == 58

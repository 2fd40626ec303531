"""The journal: numbered lines that survive whoever writes them."""

import os
from pathlib import Path

import pytest

from engine.journal import Journal
from engine.redaction import MASK, Redactor
from store.events import AnyEvent, Notice, UnreadableEvent, parse_event
from tests.store.making import BEGIN


def notice(text: str) -> Notice:
    return Notice(ts=BEGIN, text=text)


def events_of(path: Path) -> list[AnyEvent]:
    return [parse_event(line) for line in path.read_bytes().splitlines()]


def test_events_are_numbered_from_one_and_go_on_from_the_last(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    with Journal(path, Redactor({})) as journal:
        journal.append(notice("one"))
        journal.append(notice("two"))
    with Journal(path, Redactor({}), last_seq=2) as journal:
        journal.append(notice("three"))

    assert [(event.seq, event.text) for event in events_of(path) if isinstance(event, Notice)] == [
        (1, "one"),
        (2, "two"),
        (3, "three"),
    ]


def test_only_its_owner_can_read_it(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    with Journal(path, Redactor({})):
        assert path.stat().st_mode & 0o777 == 0o600


def test_a_torn_line_is_ended_and_spoils_no_other(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    with Journal(path, Redactor({})) as journal:
        journal.append(notice("one"))
        journal.append(notice("two"))
    os.truncate(path, path.stat().st_size - 10)

    with Journal(path, Redactor({}), last_seq=1) as journal:
        journal.append(notice("three"))

    first, torn, last = path.read_bytes().splitlines()
    assert parse_event(first) == notice("one").model_copy(update={"seq": 1})
    with pytest.raises(UnreadableEvent):
        parse_event(torn)
    assert parse_event(last) == notice("three").model_copy(update={"seq": 2})


def test_a_whole_last_line_is_not_ended_twice(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    for number in range(3):
        with Journal(path, Redactor({}), last_seq=number) as journal:
            journal.append(notice("x"))

    assert [event.seq for event in events_of(path)] == [1, 2, 3]


def test_secrets_are_taken_out(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    redactor = Redactor({"DB_PASSWORD": "hunter22"})
    with Journal(path, redactor) as journal:
        journal.append(notice("hunter22, s3cr3t"))
        redactor.hide("s3cr3t")
        journal.append(notice("hunter22, s3cr3t"))

    texts = [event.text for event in events_of(path) if isinstance(event, Notice)]
    assert texts == [f"{MASK}, s3cr3t", f"{MASK}, {MASK}"]


def test_a_large_event_is_one_line_though_it_is_written_in_portions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A signal in the midst of a large write makes it a short one."""
    path = tmp_path / "events.jsonl"
    write = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, data: write(descriptor, data[:65_536]))
    with Journal(path, Redactor({})) as journal:
        journal.append(notice("x" * 3_000_000))

    (event,) = events_of(path)
    assert isinstance(event, Notice)
    assert len(event.text) == 3_000_000

"""The journal's format: what is written is read again, and what is not understood is told apart."""

import json
from datetime import UTC, datetime, timedelta, timezone
from functools import cache
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import AwareDatetime, BaseModel

from store import events
from store.events import AnyEvent, Notice, RunFinished, RunStarted, UnknownEvent, UnreadableEvent, parse_event, to_line
from store.status import ACTIVE, AuditStatus, ModelStatus, RunStatus, StepStatus
from tests.store.making import BEGIN

EVENT_TYPES: tuple[type[events.Event], ...] = get_args(get_args(AnyEvent)[0])

texts = st.text(max_size=12)
moments = st.datetimes(min_value=datetime(1970, 1, 1), max_value=datetime(2200, 1, 1), timezones=st.just(UTC))
whole_numbers = st.integers(-(2**63), 2**63 - 1)
json_values = st.recursive(
    st.booleans() | whole_numbers | texts,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(texts, inner, max_size=2),
)
_BY_TYPE: dict[Any, st.SearchStrategy[Any]] = {
    Any: json_values,
    AwareDatetime: moments,
    bool: st.booleans(),
    float: st.floats(0, 1e9, allow_nan=False),
    int: whole_numbers,
    str: texts,
    type(None): st.none(),
}
_STATUSES: dict[type[BaseModel], st.SearchStrategy[Any]] = {
    RunFinished: st.sampled_from(sorted(set(RunStatus) - ACTIVE)),
    events.StepFinished: st.sampled_from(StepStatus),
    events.ModelFinished: st.sampled_from(ModelStatus),
    events.AuditFinished: st.sampled_from(AuditStatus),
}


@cache
def parts(kind: type[BaseModel]) -> st.SearchStrategy[BaseModel]:
    """Any value of the kind, each of its fields drawn."""
    fields = {name: _of_field(kind, name) for name in kind.model_fields if name != "type"}
    return st.fixed_dictionaries(fields).map(kind.model_validate)


def _of_field(kind: type[BaseModel], name: str) -> st.SearchStrategy[Any]:
    if name == "status":
        return _STATUSES[kind]
    return _of_annotation(kind.model_fields[name].annotation)


def _of_annotation(annotation: Any) -> st.SearchStrategy[Any]:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is UnionType or origin is Union:
        return st.one_of([_of_annotation(item) for item in arguments])
    if origin is Literal:
        return st.sampled_from(arguments)
    if origin is Annotated:
        return _of_annotation(arguments[0])
    if origin is tuple:
        return st.lists(_of_annotation(arguments[0]), max_size=2)
    if origin is dict:
        return st.dictionaries(texts, _of_annotation(arguments[1]), max_size=2)
    return _BY_TYPE[annotation] if annotation in _BY_TYPE else parts(annotation)


@pytest.mark.parametrize("kind", EVENT_TYPES, ids=lambda kind: kind.__name__)
@settings(max_examples=25)
@given(data=st.data())
def test_every_event_is_read_as_it_was_written(kind: type[events.Event], data: st.DataObject) -> None:
    event = data.draw(parts(kind))

    line = to_line(event)  # type: ignore[arg-type]

    assert line.count(b"\n") == 1
    assert line.endswith(b"\n")
    assert parse_event(line) == event


def test_a_line_is_plain_json_with_the_heads_of_the_protocol() -> None:
    line = to_line(Notice(ts=BEGIN, seq=3, level="warning", text="a\nb"))

    assert json.loads(line) == {
        "v": 1,
        "seq": 3,
        "ts": "2026-11-21T03:00:00Z",
        "type": "notice",
        "level": "warning",
        "text": "a\nb",
    }


def test_keys_that_are_not_known_are_ignored() -> None:
    line = b'{"v":1,"seq":1,"ts":"2026-11-21T03:00:00Z","type":"notice","text":"hello","mood":"good"}'

    assert parse_event(line) == Notice(ts=BEGIN, seq=1, text="hello")


@pytest.mark.parametrize(
    "line", [b'{"v":2,"seq":1,"ts":"2026-11-21T03:00:00Z","type":"model.dreamt"}', b'{"type":"x"}']
)
def test_a_type_of_a_newer_protocol_is_unknown(line: bytes) -> None:
    with pytest.raises(UnknownEvent):
        parse_event(line)


_HEAD = b'"v":1,"seq":1,"ts":"2026-11-21T03:00:00Z"'


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b"", "EOF"),
        (b"not json", "JSON"),
        (b"[1]", "object"),
        (b'"notice"', "object"),
        (b'{"type":"notice"', "JSON"),
        (b"{" + _HEAD + b"}", "tag"),
        (b"{" + _HEAD + b',"type":"notice"}', "text: Field required"),
        (b'{"v":1,"seq":1,"type":"notice","text":"a"}', "ts: Field required"),
        (b"{" + _HEAD + b',"type":"run.finished","status":"fine"}', "status"),
        (b"{" + _HEAD + b',"type":"notice","text":"\xff"}', "unicode|utf-8"),
        (b"{" + _HEAD + b',"type":"notice","text":"\\ud800"}', "hex escape"),
    ],
)
def test_a_line_that_is_no_event_says_what_is_wrong(line: bytes, said: str) -> None:
    with pytest.raises(UnreadableEvent, match=said):
        parse_event(line)


def test_a_time_without_a_zone_is_not_guessed() -> None:
    with pytest.raises(UnreadableEvent, match=r"ts: .*timezone"):
        parse_event(b'{"ts":"2026-11-21T03:00:00","type":"notice","text":"a"}')


def test_a_time_in_another_zone_is_the_same_moment() -> None:
    event = parse_event(b'{"ts":"2026-11-21T05:00:00+02:00","type":"notice","text":"a"}')

    assert event.ts == BEGIN
    assert BEGIN.astimezone(timezone(timedelta(hours=2))).isoformat().encode() in to_line(event)


def test_a_number_that_no_store_can_hold_is_unreadable() -> None:
    too_large = str(2**63).encode()

    with pytest.raises(UnreadableEvent, match="rows"):
        parse_event(
            b"{" + _HEAD + b',"type":"model.finished","model":"m","status":"succeeded","rows":' + too_large + b"}"
        )


@pytest.mark.parametrize("status", sorted(ACTIVE))
def test_a_run_does_not_finish_in_an_active_status(status: RunStatus) -> None:
    with pytest.raises(UnreadableEvent, match="status"):
        parse_event(b"{" + _HEAD + b',"type":"run.finished","status":"' + status.encode() + b'"}')


def test_what_is_not_set_is_left_out() -> None:
    line = to_line(RunStarted(ts=BEGIN, pid=1, pid_started=2.0, host="lab-1", tool="dbt"))

    assert b"commit" not in line
    assert b"null" not in line

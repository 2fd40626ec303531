"""Secrets are taken out before anything is written; everything else stays as it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.redaction import MASK, KeyBlock, Redactor, names_a_secret
from store.events import (
    AnyEvent,
    AuditFinished,
    EnvironmentState,
    Graph,
    GraphAudit,
    GraphNode,
    ModelIntervals,
    Notice,
    PlanSummary,
    RunFinished,
    StepStarted,
    parse_event,
    to_line,
)
from store.status import AuditStatus, RunStatus
from tests.store.making import BEGIN

KEY = "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA7\nq2Zz+/8=\n-----END RSA PRIVATE KEY-----"


@pytest.mark.parametrize("name", ["DBT_PASSWORD", "api_token", "ClientSecret", "AWS_ACCESS_KEY_ID", "credentials"])
def test_names_of_secrets(name: str) -> None:
    assert names_a_secret(name)


@pytest.mark.parametrize("name", ["PATH", "HOME", "user", "schema", "passenger"])
def test_names_of_other_things(name: str) -> None:
    assert not names_a_secret(name)


def test_values_of_variables_that_look_like_secrets_are_replaced() -> None:
    redactor = Redactor({"DB_PASSWORD": "hunter22", "DB_USER": "anna", "SHORT_KEY": "abc", "USE_TOKEN": "true"})

    assert redactor.text("anna:hunter22 abc true") == f"anna:{MASK} abc true"


def test_a_secret_that_is_part_of_another_does_not_reveal_it() -> None:
    redactor = Redactor({"A_TOKEN": "open", "B_TOKEN": "opensesame"})

    assert redactor.text("opensesame open") == f"{MASK} {MASK}"


def test_a_secret_of_many_lines_is_replaced_line_by_line_too() -> None:
    redactor = Redactor({"SERVICE_KEY": "first line\nsecond line\n"})

    assert redactor.text("said: second line") == f"said: {MASK}"
    assert redactor.text("first line\nsecond line\n") == f"{MASK}\n"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("postgres://anna:pa55@host/db", f"postgres://anna:{MASK}@host/db"),
        ("at postgresql+psycopg2://anna:p@55@host:5432/db!", f"at postgresql+psycopg2://anna:{MASK}@host:5432/db!"),
        ("redis://:only@host", f"redis://:{MASK}@host"),
        ("https://host:8080/path@2", "https://host:8080/path@2"),
        ("https://anna@host/path", "https://anna@host/path"),
        ("12:30 anna@example.com", "12:30 anna@example.com"),
    ],
)
def test_passwords_in_addresses(text: str, shown: str) -> None:
    assert Redactor({}).text(text) == shown


def test_the_password_of_an_address_is_known_elsewhere_too() -> None:
    redactor = Redactor({"DATABASE_URL": "postgres://anna:p%40ssw0rd@host/db"})

    assert redactor.text("login with p@ssw0rd or p%40ssw0rd failed") == f"login with {MASK} or {MASK} failed"


def test_private_keys_whole_and_torn() -> None:
    redactor = Redactor({})

    assert redactor.text(f"key: {KEY} end") == f"key: {MASK} end"
    assert redactor.text(f"key: {KEY[:60]}") == f"key: {MASK}"


def test_a_private_key_that_comes_line_by_line() -> None:
    block = KeyBlock()

    lines = ["before", *KEY.split("\n"), "after"]
    assert [block.covers(line) for line in lines] == [False, True, True, True, True, False]


def test_a_key_without_an_end_hides_no_honest_line() -> None:
    block = KeyBlock()

    lines = ["-----BEGIN PRIVATE KEY-----", "MIIEpAIBAAKCAQEA7", "Running with dbt=1.11.2", "MIIEpAIBAAKCAQEA7"]
    assert [block.covers(line) for line in lines] == [True, True, False, False]


def test_secrets_learnt_later_are_replaced_from_then_on() -> None:
    redactor = Redactor({})
    assert redactor.text("s3cr3t") == "s3cr3t"

    redactor.hide(" s3cr3t\n")

    assert redactor.text("s3cr3t") == MASK


def test_an_event_keeps_its_structure() -> None:
    """Whatever a secret's value is, the event can be read again, and only its texts have changed."""
    words = ("graph", "model", "failed", "pending", "warning", "plan", "nodes", "complete", "notice")
    redactor = Redactor({f"{number}_KEY": word for number, word in enumerate(words)})
    found: list[AnyEvent] = [
        Notice(ts=BEGIN, seq=1, level="warning", text="a warning"),
        RunFinished(ts=BEGIN, seq=2, status=RunStatus.FAILED, reason="it failed"),
        EnvironmentState(
            ts=BEGIN, seq=3, environment="prod", intervals=(ModelIntervals(model="a", name="a", freshness="pending"),)
        ),
        Graph(
            ts=BEGIN,
            seq=4,
            nodes=(GraphNode(model="a", name="a", kind="view", description="the model of it"),),
            audits=(GraphAudit(audit="t", name="t"),),
        ),
    ]

    cleaned = [redactor.event(event) for event in found]

    assert cleaned[0] == Notice(ts=BEGIN, seq=1, level="warning", text=f"a {MASK}")
    assert cleaned[1] == RunFinished(ts=BEGIN, seq=2, status=RunStatus.FAILED, reason=f"it {MASK}")
    assert cleaned[2] == found[2]
    assert isinstance(cleaned[3], Graph)
    assert cleaned[3].nodes[0].description == f"the {MASK} of it"
    assert [parse_event(to_line(event)) for event in cleaned] == cleaned


def test_what_a_tool_said_in_its_own_words_is_searched_to_the_bottom() -> None:
    redactor = Redactor({"TOKEN": "s3cr3t"})
    details = {"type": "s3cr3t", "status": ["s3cr3t", {"s3cr3t": 1}], "level": None, "number": 5}

    cleaned = redactor.event(PlanSummary(ts=BEGIN, details=details))

    assert cleaned.details == {"type": MASK, "status": [MASK, {MASK: 1}], "level": None, "number": 5}


def test_an_event_without_secrets_is_the_same_event() -> None:
    event = StepStarted(ts=BEGIN, step=1, name="build", command=("dbt", "build"))

    assert Redactor({"TOKEN": "s3cr3t"}).event(event) is event


@given(st.text(min_size=4, alphabet="ab•:/@"), st.text(alphabet="ab•:/@ "), st.text(alphabet="ab•:/@ "))
def test_no_secret_survives_in_the_journal(secret: str, before: str, after: str) -> None:
    if MASK in secret or secret in MASK:
        return
    redactor = Redactor({"DB_PASSWORD": secret})
    text = f"{before}{secret}{after}"
    event = AuditFinished(
        ts=BEGIN, audit=text, name="t", status=AuditStatus.FAILED, error=text, arguments={"q": [text], text: 1}
    )

    line = to_line(redactor.event(event)).decode()

    assert redactor.text(text).count(MASK) >= 1
    assert secret not in line.replace(MASK, "\0")

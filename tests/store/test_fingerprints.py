"""Which failures have the same cause."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.fingerprints import KEY_LENGTH, fingerprint_of_audit, fingerprint_of_error, fingerprint_of_run, normal_form

DUCKDB = """Runtime Error in model {model} (models/{model}.sql)
  Binder Error: Referenced column "{column}" not found in FROM clause!
  Candidate bindings: "{other}"

  LINE {line}:     {column},
               ^"""
TRACEBACK = """Python Error in model a (models/a.py)
  Traceback (most recent call last):
    File "/tmp/{folder}/models/a.py", line {line}, in model
      return 1 / 0
  ZeroDivisionError: division by zero"""


def test_the_same_error_in_other_models_is_one_cause() -> None:
    first = fingerprint_of_error(DUCKDB.format(model="delays", column="tailnum", other="tail_number", line=14))
    second = fingerprint_of_error(DUCKDB.format(model="flights", column="carrier", other="code", line=3))

    assert first.key == second.key
    assert first.pattern == 'Binder Error: Referenced column "…" not found in FROM clause!'
    assert first.sentence == 'Binder Error: Referenced column "tailnum" not found in FROM clause! (line 14)'


def test_another_error_is_another_cause() -> None:
    column = fingerprint_of_error(DUCKDB.format(model="a", column="b", other="c", line=1))
    table = fingerprint_of_error("Runtime Error in model a (models/a.sql)\n  Catalog Error: Table b does not exist!")
    assert column.key != table.key


def test_of_a_traceback_the_exception_counts() -> None:
    first = fingerprint_of_error(TRACEBACK.format(folder="x1", line=4))
    second = fingerprint_of_error(TRACEBACK.format(folder="x2", line=40))
    assert first == second
    assert first.pattern == "ZeroDivisionError: division by zero"


def test_a_message_of_two_lines_counts_whole() -> None:
    said = "Database Error in model a (a.sql)\n  000904 (42000): SQL compilation error:\n  invalid identifier 'B'"
    assert fingerprint_of_error(said).pattern == '# (#): SQL compilation error: invalid identifier "…"'


@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        ("job 1f0c9e52-1b1d-4c63-9a64-2f1f0f6f2a3e timed out", "job <id> timed out"),
        ("at 2026-11-21T03:04:05.123Z or 2026-11-21 03:04", "at <time> or <time>"),
        ("at 03:04:05", "at <time>"),
        (
            "cannot open /var/data/a.csv nor models/b.sql nor C:\\data\\c.csv",
            "cannot open <path> nor <path> nor <path>",
        ),
        ("https://db.example.com/x?y=1 refused", "<path> refused"),
        ("3 of 1,250.5 rows, 12% over", "# of # rows, #% over"),
        ("lock 0xdeadBEEF of a1b2c3d4e5f6", "lock <id> of <id>"),
        ("value 'it' isn't a date, doesn't 'parse'", 'value "…" isn\'t a date, doesn\'t "…"'),
        ('"db"."main"."orders" and `a.b`', '"…" and "…"'),
        ("INT32 and utf8 and sha256 stay", "INT32 and utf8 and sha256 stay"),
        ("facade decade", "facade decade"),
    ],
)
def test_what_differs_is_taken_out(text: str, pattern: str) -> None:
    assert normal_form(text) == pattern


def test_an_audit_that_finds_rows_is_its_own_cause_whatever_their_number() -> None:
    few = fingerprint_of_audit("not_null_orders_id", "orders", "Got 2 results, configured to fail if != 0")
    many = fingerprint_of_audit("not_null_orders_id", "orders", "Got 900 results, configured to fail if != 0")
    other = fingerprint_of_audit("unique_orders_id", "orders", "Got 2 results, configured to fail if != 0")

    assert few.key == many.key != other.key
    assert few.sentence == "audit not_null_orders_id: Got 2 results, configured to fail if != 0"
    assert fingerprint_of_audit("not_null", "orders", None).key != fingerprint_of_audit("not_null", "lines", None).key


def test_of_a_run_the_details_are_left_out() -> None:
    first = fingerprint_of_run("timed out after 60 s; may be half-updated: a, b.")
    assert first.key == fingerprint_of_run("timed out after 7200 s").key
    assert first.sentence == "timed out after 60 s; may be half-updated: a, b"


def test_without_a_message_there_still_is_a_cause() -> None:
    assert fingerprint_of_error(None) == fingerprint_of_error("  \n")
    assert fingerprint_of_run(None).sentence == "no reason was given"


@given(st.text(max_size=400))
def test_any_text_has_a_short_safe_fingerprint(text: str) -> None:
    found = fingerprint_of_error(text)
    assert re.fullmatch(rf"[0-9a-f]{{{KEY_LENGTH}}}", found.key)
    assert found == fingerprint_of_error(text)
    assert "\x1b" not in found.sentence + found.pattern
    assert "\n" not in found.sentence + found.pattern


def test_long_errors_take_no_long_time() -> None:
    """No expression backtracks its way through a megabyte."""
    for hostile in ("a/" * 500_000, '"' * 1_000_000, "'a " * 300_000, "1" * 1_000_000, "a-b.c@" * 150_000):
        assert len(fingerprint_of_error(hostile).sentence) <= 400

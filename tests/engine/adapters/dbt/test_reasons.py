"""The one sentence that matters."""

import pytest

from engine.adapters.dbt.reasons import failure_reason, sentence_of
from engine.adapters.dbt.summary import Summary

LOCKED = (
    'Runtime Error\n  IO Error: Could not set lock on file "/data/shop.duckdb": Conflicting lock is held in '
    "/usr/bin/python3.11 (PID 4711) by user ann. See also https://duckdb.org/docs/connect/concurrency"
)


@pytest.mark.parametrize(
    ("message", "sentence"),
    [
        (
            "Compilation Error in model b (models/b.sql)\n  no way\n\n  > in macro x\n  > called by y",
            "Compilation error in model b (models/b.sql): no way",
        ),
        (
            "Parsing Error\n  Error reading shop: b.yml - Runtime Error\n    Syntax error near line 3\n  ---\n  1 | x",
            "Parsing error: Error reading shop: b.yml - Runtime Error Syntax error near line 3",
        ),
        (
            "Runtime Error\n  at path ['version']: [1, 2] is not valid\n\nError encountered in /shop/dbt_project.yml",
            "Runtime error in /shop/dbt_project.yml: at path ['version']: [1, 2] is not valid",
        ),
        ("Found a cycle: model.shop.c --> model.shop.b", "Found a cycle: model.shop.c --> model.shop.b"),
        (
            LOCKED,
            "The DuckDB file /data/shop.duckdb is locked by process 4711 (/usr/bin/python3.11); "
            "end it or let it end, then run again.",
        ),
        ("Database Error\n  \x1b[31mboom\x1b[0m", "Database error: boom"),
        ("Runtime Error", "Runtime Error"),
        ("", ""),
    ],
)
def test_a_message_becomes_a_sentence(message: str, sentence: str) -> None:
    assert sentence_of(message) == sentence


def test_a_long_message_is_cut() -> None:
    assert len(sentence_of("word " * 1000)) == 300


def test_failed_nodes_are_counted_and_named() -> None:
    summary = Summary(failed_models=["int_x", "int_y"], failed_audits=["unique_z"])

    assert failure_reason(1, summary) == "2 models failed: int_x, int_y; 1 blocking audit failed: unique_z"


def test_many_names_are_shortened() -> None:
    summary = Summary(failed_models=[f"m{n}" for n in range(8)])

    assert failure_reason(1, summary) == "8 models failed: m0, m1, m2, m3, m4 and 3 more"


def test_what_ended_dbt_goes_before_what_failed_on_the_way() -> None:
    summary = Summary(failed_models=["m"], fatal="Runtime Error\n  out of luck")

    assert failure_reason(2, summary) == "Runtime error: out of luck"
    assert failure_reason(1, summary) == "1 model failed: m"


def test_a_failed_hook_brings_its_error() -> None:
    summary = Summary(failed_hooks=["shop.on-run-end.0"], hook_problem="Binder Error: no such column")

    assert failure_reason(1, summary) == "1 hook failed: shop.on-run-end.0 (Binder Error: no such column)"


def test_the_error_that_dbt_2_tells_apart_from_its_nodes_is_added() -> None:
    first = "[error] [DbDriverFailed (dbt1308)]: Failed to load `duckdb` driver\n\nFirst error:\n0: <unknown>"

    assert failure_reason(1, Summary(first_error=first)) == "Failed to load `duckdb` driver"
    assert failure_reason(1, Summary(failed_models=["m"], first_error=first)) == (
        "1 model failed: m (Failed to load `duckdb` driver)"
    )
    assert failure_reason(1, Summary(failed_models=["m"], first_error="1 of 1 ERROR m")) == "1 model failed: m"


def test_a_signal_has_a_name() -> None:
    assert failure_reason(-9, Summary()) == "dbt was ended by signal 9 (SIGKILL)."


def test_silence_is_said() -> None:
    assert "exit code 2" in failure_reason(2, Summary())

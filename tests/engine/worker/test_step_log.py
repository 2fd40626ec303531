"""A step's log: plain lines that other programs can search."""

import re
from datetime import UTC, datetime
from pathlib import Path

from engine.redaction import MASK, Redactor
from engine.worker.step_log import LONGEST_LINE, StepLog

NOW = datetime(2026, 11, 21, 3, 4, 5, 123456, tzinfo=UTC)
HEAD = "2026-11-21T03:04:05.123Z"


def log_in(folder: Path, redactor: Redactor | None = None) -> tuple[StepLog, Path]:
    path = folder / "logs" / "01-deps.log"
    return StepLog(path, lambda: NOW, redactor or Redactor({})), path


def test_a_line_has_its_time_level_and_node(tmp_path: Path) -> None:
    log, path = log_in(tmp_path)
    log.write("Running with dbt=1.11.2")
    log.write("1 of 23 START", "INFO", "stg_flights")
    log.write("deprecated", "WARN")
    log.write("no such column", "ERROR", "int_delays")
    log.close()

    assert path.read_text("utf-8").splitlines() == [
        f"{HEAD} INFO  Running with dbt=1.11.2",
        f"{HEAD} INFO  [stg_flights] 1 of 23 START",
        f"{HEAD} WARN  deprecated",
        f"{HEAD} ERROR [int_delays] no such column",
    ]


def test_every_line_of_an_entry_has_the_head(tmp_path: Path) -> None:
    log, path = log_in(tmp_path)
    log.write("Binder Error\r\n  LINE 14: tailnum\n", "ERROR", "int_delays")
    log.close()

    assert re.findall(r"(?m)^\S+ ERROR \[int_delays\] (.*)$", path.read_text("utf-8")) == [
        "Binder Error",
        "  LINE 14: tailnum",
        "",
    ]


def test_a_follower_sees_a_line_at_once(tmp_path: Path) -> None:
    log, path = log_in(tmp_path)
    log.write("one")

    assert path.read_text("utf-8") == f"{HEAD} INFO  one\n"
    log.close()


def test_a_second_process_of_the_step_appends(tmp_path: Path) -> None:
    for text in ("one", "two"):
        log, path = log_in(tmp_path)
        log.write(text)
        log.close()

    assert len(path.read_text("utf-8").splitlines()) == 2


def test_what_cannot_be_encoded_does_not_stop_the_log(tmp_path: Path) -> None:
    log, path = log_in(tmp_path)
    log.write("half a character: \udce9, a whole one: é")
    log.close()

    assert path.read_text("utf-8") == f"{HEAD} INFO  half a character: \\udce9, a whole one: é\n"


def test_a_line_that_is_too_long_is_cut_and_says_so(tmp_path: Path) -> None:
    log, path = log_in(tmp_path)
    log.write("x" * (LONGEST_LINE + 1234))
    log.close()

    assert path.read_text("utf-8").endswith("xxx … [1,234 characters more]\n")


def test_escape_sequences_are_the_business_of_who_shows_them(tmp_path: Path) -> None:
    log, path = log_in(tmp_path)
    log.write("\x1b[31mred\x1b[0m")
    log.close()

    assert path.read_text("utf-8") == f"{HEAD} INFO  \x1b[31mred\x1b[0m\n"


def test_secrets_are_taken_out_also_those_of_many_lines(tmp_path: Path) -> None:
    log, path = log_in(tmp_path, Redactor({"DB_PASSWORD": "hunter22"}))
    log.write("password hunter22")
    for line in ("-----BEGIN PRIVATE KEY-----", "MIIEpAIBAAKCAQEA7", "-----END PRIVATE KEY-----", "done"):
        log.write(line)
    log.close()

    said = [line.removeprefix(f"{HEAD} INFO  ") for line in path.read_text("utf-8").splitlines()]
    assert said == [f"password {MASK}", MASK, MASK, MASK, "done"]

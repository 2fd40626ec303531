"""Runs: batches, audits, failures and their consequences, as they happen."""

import pytest

from tests.integration.sqlmesh.bridge_process import Ended
from tests.integration.sqlmesh.lab import Lab

pytestmark = [pytest.mark.real_tool, pytest.mark.timeout(300)]

DAILY, TOTAL, LATEST, NOISY = (f'"warehouse"."lab"."{name}"' for name in ("daily", "total", "latest", "noisy"))


def position(ended: Ended, event_type: str, **fields: object) -> int:
    return list(ended.events).index(ended.one(event_type, **fields))


def test_run_tells_its_batches(lab: Lab) -> None:
    ended = lab.run("run")
    assert ended.exit_code == 0, ended.describe()
    assert ended.one("model_queued", model=DAILY)["batches"] == 2
    batches = ended.of("batch_finished", model=DAILY)
    assert [(each["batch"], each["rows"], each["status"]) for each in batches] == [
        (1, 2, "succeeded"),
        (2, 2, "succeeded"),
    ]
    assert batches[0]["interval"] == {"start": "2026-01-03T00:00:00.000Z", "end": "2026-01-05T00:00:00.000Z"}
    assert ended.one("model_finished", model=TOTAL)["status"] == "succeeded"
    assert lab.query("SELECT total FROM lab.total") == [(60,)]


def test_nothing_due_says_what_is_next(lab: Lab) -> None:
    lab.run("run")
    ended = lab.run("run")
    assert ended.exit_code == 0
    assert ended.one("finished")["status"] == "nothing_due"
    due = ended.one("nothing_due")["next"]
    assert {each["name"] for each in due} == {"lab.total", "lab.latest", "lab.noisy"}, "lab.daily has ended"
    assert due[0]["at"].endswith("T00:00:00.000Z")
    assert not ended.of("batch_started")


def test_project_output_stays_off_the_protocol(lab: Lab) -> None:
    ended = lab.run("run")
    assert "said by the project" in ended.output
    assert ended.one("model_finished", model=NOISY)["rows"] == 3


def test_failing_audits_one_by_one(lab: Lab) -> None:
    lab.execute("UPDATE raw.sales SET amount = '5000' WHERE day = '2026-01-05'")
    ended = lab.run("run")
    assert ended.exit_code == 1
    interval = {"start": "2026-01-05T00:00:00.000Z", "end": "2026-01-07T00:00:00.000Z"}
    audits = {each["audit"]: each for each in ended.of("audit", model=DAILY, interval=interval)}
    assert {name: (each["status"], each["blocking"], each["failures"]) for name, each in audits.items()} == {
        "not_null": ("passed", True, 0),
        "accepted_range": ("failed", True, 1),
        "few_sales": ("failed", False, 1),
    }
    assert audits["accepted_range"]["arguments"] == {"column": "amount", "max_v": "1000"}
    assert "SELECT" in audits["accepted_range"]["query"]
    assert audits["few_sales"]["duration_s"] >= 0
    sample = audits["accepted_range"]["sample"]
    assert "amount" in sample["columns"]
    assert len(sample["rows"]) == min(20, audits["accepted_range"]["failures"])
    assert all(float(row[sample["columns"].index("amount")]) > 1000 for row in sample["rows"])
    assert [each["sample"] for each in audits.values() if each["status"] == "passed"] == [None]
    assert "accepted_range (1 rows)" in ended.one("model_finished", model=DAILY)["error"]
    assert not ended.of("notice", level="warning"), "a failed audit is told once, as an audit"


def test_warning_audit_alone_fails_nothing(lab: Lab) -> None:
    lab.execute("UPDATE raw.sales SET amount = '500' WHERE day = '2026-01-05'")
    ended = lab.run("run")
    assert ended.exit_code == 0, ended.describe()
    finished = ended.one("finished")
    assert (finished["status"], finished["warned_audits"]) == ("completed", 1)


def test_failed_model_is_told_at_once_with_its_sql_and_its_victims(lab: Lab) -> None:
    lab.execute("UPDATE raw.sales SET amount = 'many' WHERE day = '2026-01-03'")
    ended = lab.run("run")
    assert ended.exit_code == 1
    failed = ended.one("model_finished", model=DAILY)
    assert failed["status"] == "failed"
    assert "Could not convert string 'many'" in failed["error"]
    assert failed["sql"].startswith("INSERT INTO")
    for victim in (TOTAL, LATEST):
        assert ended.one("model_skipped", model=victim)["cause"] == [DAILY]
    assert position(ended, "model_finished", model=DAILY) < position(ended, "phase", state="finished")
    assert ended.one("model_finished", model=NOISY)["status"] == "succeeded"
    assert ended.one("finished")["reason"] == "1 model failed: warehouse.lab.daily"


def test_table_that_cannot_be_created_fails_its_model(lab: Lab) -> None:
    lab.write("models/wrong.sql", "MODEL (name lab.wrong, kind INCREMENTAL_BY_TIME_RANGE (time_column day));\n"
              "SELECT day::DATE AS day, no_such_column::INT AS n FROM raw.sales WHERE day > @start_date")  # fmt: skip
    ended = lab.run("plan", "--apply", "--environment", "dev")
    assert ended.exit_code == 1
    failed = ended.one("model_finished", status="failed")
    assert failed["name"] == "lab.wrong"
    assert "no_such_column" in failed["error"]
    if "creation_errors_at_once" not in ended.one("ready")["degraded"]:
        assert "no_such_column" in failed["sql"]


def test_signal_that_waits(lab: Lab) -> None:
    lab.write("signals/__init__.py", "")
    lab.write(
        "signals/arrivals.py",
        "from sqlmesh import signal\n\n\n@signal()\ndef arrived(batch):\n    return batch[:1]\n",
    )
    lab.replace("models/daily.sql", "owner anna", "signals (arrived()), owner anna")
    lab.apply()
    signal = lab.run("run").one("signal", model=DAILY)
    assert signal["signal"] == "arrived"
    assert signal["ready"] == [{"start": "2026-01-03T00:00:00.000Z", "end": "2026-01-04T00:00:00.000Z"}]
    assert signal["waiting"] == [{"start": "2026-01-04T00:00:00.000Z", "end": "2026-01-07T00:00:00.000Z"}]


def test_unfinalised_environment_ends_a_run_with_its_reason(lab: Lab) -> None:
    lab.execute("UPDATE sqlmesh._environments SET finalized_ts = NULL WHERE name = 'prod'")
    ended = lab.run("run")
    assert ended.exit_code == 1
    assert ended.one("environment")["unfinalised"]
    assert "Apply a plan to heal it" in ended.one("finished")["reason"]
    healed = lab.apply()
    assert healed.one("plan")["unfinalised"]
    assert lab.run("run").one("finished")["status"] == "completed"

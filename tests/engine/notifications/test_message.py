"""What messages say: worth reading in the middle of the night."""

from datetime import timedelta
from pathlib import Path

from engine.notifications.message import Facts, Message, compose
from store.causes import Cause, Seen
from store.models import Run
from store.notifications import Occasion
from store.status import AuditStatus, ModelStatus, RunStatus
from tests.tui.run.records import START, a_model, a_run, an_audit, at

FOLDER = Path("/srv/our data")


def said(occasion: Occasion, run: Run, **known: object) -> Message:
    return compose(occasion, Facts(run, FOLDER, **known), at(600))  # type: ignore[arg-type]


def test_a_failure_says_what_why_what_it_took_down_since_when_and_how_to_see_it() -> None:
    run = a_run(RunStatus.FAILED, author="anna", branch="main", commit="a1b2c3d4e5")
    models = [
        a_model("int_delays", ModelStatus.FAILED, error="Binder Error: no column tailnum\nLINE 14"),
        a_model("mart_carriers", ModelStatus.SKIPPED, cause="model.p.int_delays"),
        a_model("mart_routes", ModelStatus.SKIPPED, cause="model.p.int_delays"),
    ]
    before = Seen(3, START - timedelta(days=2))
    cause = Cause("ab12", "", "", count=4, runs=4, first=before, last=Seen(7, START))
    message = said("failure", run, models=models, causes=[cause])
    assert message.title == "✗ nightly in flights/prod failed: int_delays"
    assert message.body.splitlines() == [
        "int_delays: Binder Error: no column tailnum",
        "  took down 2 models: mart_carriers, mart_routes",
        "Failed like this before: 4 runs, first #3, 2026-11-19 13:00 UTC.",
        "#7, schedule by anna, main@a1b2c3d, started 2026-11-21 13:00 UTC",
        "runroom watch 7 -w '/srv/our data'",
    ]


def test_a_failure_of_audits_alone_names_them() -> None:
    audits = [an_audit("unique_id", AuditStatus.FAILED, failures=12), an_audit("late", AuditStatus.WARNED)]
    message = said("failure", a_run(RunStatus.FAILED), audits=audits)
    assert message.title.endswith("failed: unique_id")
    assert message.body.splitlines()[0] == "unique_id: failed, 12 rows"
    assert "late" not in message.body


def test_a_failure_before_any_model_says_the_runs_own_reason() -> None:
    message = said("failure", a_run(RunStatus.ERROR, status_reason="the worker was lost"))
    assert message.title == "✗ nightly in flights/prod failed"
    assert message.body.splitlines()[0] == "the worker was lost"


def test_a_failure_that_is_new_is_said_to_be() -> None:
    cause = Cause("ab12", "", "", count=1, runs=1, first=Seen(7, START), last=Seen(7, START))
    assert "never failed like this before" in said("failure", a_run(RunStatus.FAILED), causes=[cause]).body


def test_names_from_the_project_stay_on_their_line() -> None:
    models = [a_model("bad\x1b]0;name\nsecond", ModelStatus.FAILED, error="\x1b[31mred\x1b[0m")]
    message = said("failure", a_run(RunStatus.FAILED), models=models)
    assert "\x1b" not in message.title + message.body
    assert "\n" not in message.title


def test_the_other_occasions() -> None:
    assert said("recovery", a_run()).title == "✓ nightly in flights/prod is well again"
    long = said("long_running", a_run(RunStatus.RUNNING, finished_at=None), usual_s=120.0)
    assert (long.title, long.body.splitlines()[0]) == (
        "▲ nightly in flights/prod runs long",
        "It runs for 10m 00s; as a rule it takes 2m 00s.",
    )
    missed = said("missed", a_run(RunStatus.SKIPPED, status_reason="missed while the engine was down"))
    assert missed.body.splitlines()[0] == "missed while the engine was down"

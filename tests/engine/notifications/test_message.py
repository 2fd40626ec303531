"""What messages say: worth reading in the middle of the night."""

from datetime import timedelta
from pathlib import Path
from typing import Any, Literal

from engine.notifications.message import Facts, Message, compose
from store.causes import Cause, Seen
from store.lineage.causes import Casualty, CasualtyKind, RootCause
from store.models import Run
from store.notifications import Occasion
from store.status import RunStatus
from store.streaks import FailingSince
from tests.tui.run.records import START, a_run, at

FOLDER = Path("/srv/our data")


def a_root(name: str, why: str, kind: Literal["model", "audit"] = "model", **known: Any) -> RootCause:
    return RootCause(kind, f"{kind}.p.{name}", name, None, why, why, 0, **known)


def fallen(kind: CasualtyKind, name: str) -> Casualty:
    return Casualty(kind, f"{kind}.p.{name}", name, distance=1, downstream=0)


def said(occasion: Occasion, run: Run, **known: object) -> Message:
    return compose(occasion, Facts(run, FOLDER, **known), at(600))  # type: ignore[arg-type]


def test_a_failure_says_what_why_what_it_took_down_since_when_and_how_to_see_it() -> None:
    run = a_run(RunStatus.FAILED, author="anna", branch="main", commit="a1b2c3d4e5")
    delays = a_root(
        "int_delays",
        "Binder Error: no column tailnum",
        skipped=(fallen("model", "mart_carriers"), fallen("model", "mart_routes")),
        exposures=(fallen("exposure", "delays on the wall"),),
        since=FailingSince(3, START - timedelta(days=2), runs=4, last_good=2),
    )
    late = a_root("stg_late", "IO Error", since=FailingSince(7, START, runs=1, last_good=6))
    message = said("failure", run, roots=[delays, late])
    assert message.title == "✗ nightly in flights/prod failed: int_delays and 1 more"
    assert message.body.splitlines() == [
        "int_delays: Binder Error: no column tailnum",
        "  took down 2 models: mart_carriers, mart_routes",
        "  took down 1 exposure: delays on the wall",
        "  fails since #3, 2026-11-19 13:00 UTC, in 4 runs; it last went well in #2",
        "stg_late: IO Error",
        "  failed for the first time: it last went well in #6",
        "#7, schedule by anna, main@a1b2c3d, started 2026-11-21 13:00 UTC",
        "runroom watch 7 -w '/srv/our data'",
    ]


def test_a_failure_of_audits_alone_names_them() -> None:
    root = a_root("unique_id", "12 failing rows", kind="audit", skipped=(fallen("model", "marts"),))
    message = said("failure", a_run(RunStatus.FAILED), roots=[root])
    assert message.title.endswith("failed: unique_id")
    assert message.body.splitlines()[:2] == ["unique_id: 12 failing rows", "  took down 1 model: marts"]


def test_a_failure_before_any_model_says_the_runs_own_reason() -> None:
    message = said("failure", a_run(RunStatus.ERROR, status_reason="the worker was lost"))
    assert message.title == "✗ nightly in flights/prod failed"
    assert message.body.splitlines()[0] == "the worker was lost"


def test_a_failure_that_is_new_is_said_to_be() -> None:
    cause = Cause("ab12", "", "", count=1, runs=1, first=Seen(7, START), last=Seen(7, START))
    assert "never failed like this before" in said("failure", a_run(RunStatus.FAILED), causes=[cause]).body


def test_names_from_the_project_stay_on_their_line() -> None:
    root = a_root("bad\x1b]0;name\nsecond", "\x1b[31mred\x1b[0m")
    message = said("failure", a_run(RunStatus.FAILED), roots=[root])
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
    late = a_run(scheduled_for=START - timedelta(hours=3), trigger_note="stands for 3 fires missed")
    assert said("missed", late).body.splitlines()[:2] == [
        "It was due 2026-11-21 10:00 UTC and began 2026-11-21 13:00 UTC.",
        "Stands for 3 fires missed.",
    ]


def test_what_has_many_causes_names_the_first_and_counts_the_rest() -> None:
    lines = said("failure", a_run(RunStatus.FAILED), roots=[a_root(f"m{number}", "no") for number in range(7)]).body
    assert "m4: no\nand 2 more root causes\n" in lines
    assert "m5" not in lines

"""How long a job usually takes: only what did all of its work tells that."""

from store.job_glance import JobGlance
from store.models import Counts, Job, Run, RunOptions
from tests.tui.run.records import a_run, at

JOB = Job(project="flights", name="nightly", environment="prod", steps=())
BUILT = Counts(models_total=3, models_succeeded=3)


def took(seconds: float, counts: Counts = BUILT, options: RunOptions | None = None) -> Run:
    return a_run(finished_at=at(seconds), counts=counts, options=options or RunOptions())


def test_runs_that_built_nothing_or_less_do_not_count() -> None:
    empty, narrowed = took(4, counts=Counts()), took(5, options=RunOptions(select=("a",)))
    assert JobGlance(JOB, (empty, narrowed, took(60), took(80))).usual_s == 70
    assert JobGlance(JOB, (empty,)).usual_s is None


def test_a_job_of_audits_alone_has_a_usual_time_too() -> None:
    assert JobGlance(JOB, (took(9, counts=Counts(audits_total=1, audits_passed=1)),)).usual_s == 9

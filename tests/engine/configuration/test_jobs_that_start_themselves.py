"""What may be written of schedules, pipelines, retries and limits, and what is refused in one sentence."""

from pathlib import Path

import pytest

from engine.configuration.requests import run_request
from engine.configuration.workspace import load_workspace
from engine.errors import ConfigurationError
from engine.protocol import StartRun
from store.models import After
from tests.engine.configuration.conftest import MakeProject, WriteFile
from tests.store.making import BEGIN

JOB = '[jobs.{name}]\nenvironment = "prod"\nsteps = ["build"]\n{more}\n'


def job(name: str = "nightly", more: str = "") -> str:
    return JOB.format(name=name, more=more)


def test_all_that_a_job_may_say(tmp_path: Path, make_dbt: MakeProject, write_toml: WriteFile) -> None:
    make_dbt()
    write_toml(
        """
        [environments.prod]
        max_concurrent_runs = 3
        [jobs.ingest]
        environment = "prod"
        every = "15m"
        steps = ["deps", { run = "build", timeout = "1h" }]
        [jobs.report]
        environment = "prod"
        steps = ["build"]
        missed = "once"
        after = ["ingest", { job = "flights/test", on = "any" }]
        retries = 2
        retry = "failed"
        retry_delay = "30s"
        retry_backoff = 3
        priority = -5
        """
    )
    workspace = load_workspace(tmp_path)
    ingest, report = workspace.jobs[:2]
    assert (ingest.every_s, ingest.steps, ingest.step_timeouts_s) == (900, ("deps", "build"), {"build": 3600})
    assert report.after == (After(job="flights/ingest"), After(job="flights/test", on="any"))
    assert (report.missed, report.retries, report.retry, report.retry_delay_s) == ("once", 2, "failed", 30)
    assert (report.retry_backoff, report.priority) == (3, -5)
    assert workspace.environments[0].max_concurrent_runs == 3

    asked = run_request(workspace, StartRun(job="ingest"), 1, BEGIN)
    assert (asked.step_timeouts_s, asked.priority) == ({"build": 3600}, 0)
    assert run_request(workspace, StartRun(job="report"), 2, BEGIN).priority == -5


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (job(more='schedule = "0 3 * * *"\nevery = "1h"'), "schedule and every are two schedules"),
        (job(more='every = "1h"\ntimezone = "UTC"'), r"jobs\.nightly\.timezone: it is for schedule"),
        (job(more='missed = "twice"'), r"jobs\.nightly\.missed: .*'skip', 'once' or 'all'"),
        (job(more="retries = 11"), r"jobs\.nightly\.retries: .*less than or equal to 10"),
        (job(more='retry_delay = "soon"'), r'retry_delay: "soon" is not a length of time'),
        (job(more='after = ["ingst"]') + job("ingest"), r'after: there is no job "ingst"; did you mean "ingest"'),
        (job(more='after = ["test", "flights/test"]'), r"after: a job is named twice"),
        (job(more='after = [{ job = "test", onn = "any" }]'), r'after\.0\.onn is not a known key; .*"on"'),
        (job(more='after = ["nightly"]'), r"start each other for ever: nightly → nightly"),
        (
            job("a", 'after = ["c"]') + job("b", 'after = ["a"]') + job("c", 'after = ["b"]'),
            r"jobs\.a\.after: these jobs would start each other for ever: a → b → c → a",
        ),
        (job().replace('"build"', '{ run = "build", timeut = "1h" }'), r'timeut is not a known key; .*"timeout"'),
        ("[environments.prod]\nmax_concurrent_runs = 0\n", r"environments\.prod\.max_concurrent_runs: "),
    ],
)
def test_what_cannot_be(tmp_path: Path, make_dbt: MakeProject, write_toml: WriteFile, text: str, sentence: str) -> None:
    make_dbt()
    write_toml(text)
    with pytest.raises(ConfigurationError, match=sentence):
        load_workspace(tmp_path)


def test_jobs_that_meet_again_are_no_loop(tmp_path: Path, make_dbt: MakeProject, write_toml: WriteFile) -> None:
    make_dbt()
    steps = [job("s0")]
    for number in range(1, 30):
        # Every job has two ways back to the one before: walking all of them would take for ever.
        steps += [
            job(f"l{number}", f'after = ["s{number - 1}"]'),
            job(f"r{number}", f'after = ["s{number - 1}"]'),
            job(f"s{number}", f'after = ["l{number}", "r{number}"]'),
        ]
    write_toml("".join(steps))
    assert len([each for each in load_workspace(tmp_path).jobs if not each.implied]) == 88

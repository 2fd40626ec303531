"""`runs`, `show`, `logs`, `artifacts`: what the record says, as text and as JSON."""

import re
from datetime import datetime
from pathlib import Path

import pytest

from tests.tui.command_line.conftest import CommandLine
from tests.worlds import DELAYS_ERROR, World

SHOW_FIELDS = {
    "id", "name", "kind", "status", "status_reason", "trigger", "job", "job_type", "project", "environment", "author",
    "branch", "commit", "version", "created_at", "started_at", "finished_at", "duration_s", "hosts", "steps", "models",
    "audits", "counts", "changes",
}  # fmt: skip


def test_show_has_every_documented_field(command: CommandLine, world: World) -> None:
    shown = command("show", "latest", "--json").json
    assert shown.keys() >= SHOW_FIELDS
    assert (shown["id"], shown["status"], shown["hosts"]) == (world.runs["failed"], "failed", ["lab-1"])
    assert shown["steps"][0].keys() >= {"name", "status", "exit_code", "duration_s", "log"}
    assert shown["models"][0].keys() >= {
        "name", "status", "duration_s", "rows", "error", "depends_on", "intervals"
    }  # fmt: skip
    assert shown["audits"][0].keys() >= {"name", "model", "blocking", "status", "failures", "error"}
    assert shown["counts"]["models"].keys() >= {"total", "succeeded", "failed", "skipped"}
    (sampled,) = [audit for audit in shown["audits"] if audit["samples"]]
    assert sampled["status"] == "warned"
    assert sampled["samples"][0] == {"flight_date": "2013-01-01", "carrier": "AA", "tail_number": "N3ABAA"}
    assert shown["counts"]["audits"].keys() >= {"total", "passed", "warned", "failed"}


def test_show_counts_what_it_lists_and_names_parents_as_people_do(command: CommandLine) -> None:
    shown = command("show", "latest", "--json").json
    statuses = [model["status"] for model in shown["models"]]
    for status in ("succeeded", "failed", "skipped"):
        assert shown["counts"]["models"][status] == statuses.count(status)
    failed = next(model for model in shown["models"] if model["status"] == "failed")
    assert failed["error"] == DELAYS_ERROR
    assert failed["depends_on"] == ["int_flown_flights"]


def test_times_are_utc_and_durations_seconds(command: CommandLine) -> None:
    shown = command("show", "latest", "--json").json
    start, end = (datetime.fromisoformat(shown[key]) for key in ("started_at", "finished_at"))
    assert shown["started_at"].endswith("Z")
    assert shown["duration_s"] == pytest.approx((end - start).total_seconds(), abs=0.002)


def test_show_as_text_has_the_error_whole(command: CommandLine, world: World) -> None:
    spoken = command("show", f"#{world.runs['failed']}")
    assert spoken.code == 0
    assert re.search(r"✗ failed", spoken.out.splitlines()[0])
    assert 'Candidate bindings: "tail_number", "carrier_code", "flight_date"' in spoken.out


def test_runs_are_listed_newest_first_and_filtered(command: CommandLine, world: World) -> None:
    listed = command("runs", "--json", "-n", "3").json
    assert [run["id"] for run in listed] == sorted((run["id"] for run in listed), reverse=True)
    assert listed[0]["id"] == world.runs["failed"]
    assert [run["id"] for run in command("runs", "--status", "failed", "--json").json] == [world.runs["failed"]]
    assert [run["id"] for run in command("runs", "--kind", "plan", "--json").json] == [world.runs["plan"]]
    assert [run["id"] for run in command("runs", "--job", "check", "--json").json] == [world.runs["check"]]
    meshed = command("runs", "--env", "flights_mesh/prod", "--json").json
    assert [run["id"] for run in meshed] == [world.runs["mesh"]]
    assert command("runs", "--job", "check", "--status", "error", "--json").json == []


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("runs", "--job", "nothing"), 'There is no job "nothing"; known: '),
        (("runs", "--job", "flights/nihgtly"), 'There is no job "flights/nihgtly"; did you mean "flights/nightly"?'),
        (("runs", "--env", "prd"), 'There is no environment "prd"; did you mean "prod"?'),
        (("runs", "--status", "bad"), "Invalid value for '--status': 'bad' is not one of 'scheduled', "),
        (("show", "99999999999999999999"), "There is no run #99999999999999999999."),
        (
            ("logs", "latest", "-m", "int_dealys"),
            'no model or audit "int_dealys", and its logs name none; did you mean "int_delays"?',
        ),
    ],
)
def test_names_and_numbers_that_are_not_there_are_wrong_use(
    command: CommandLine, arguments: tuple[str, ...], sentence: str
) -> None:
    spoken = command(*arguments)
    assert (spoken.code, spoken.out) == (2, "")
    assert sentence in spoken.err
    assert spoken.err.count("\n") == 1


def test_a_model_of_the_run_may_have_no_lines(command: CommandLine) -> None:
    spoken = command("logs", "latest", "-m", "int_delays", "--grep", "nobody says this")
    assert (spoken.code, spoken.out, spoken.err) == (0, "", "")


def test_where_nothing_ran_for_a_broken_configuration_that_is_said(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "runroom.toml").write_text("[workspace]\nnme = 'x'\n")
    spoken = CommandLine(capsys, tmp_path)("runs")
    assert (spoken.code, spoken.out) == (2, "")
    assert "nme" in spoken.err


def test_runs_as_a_table(command: CommandLine, world: World) -> None:
    lines = command("runs", "-n", "2").out.splitlines()
    assert lines[0].split()[:3] == ["run", "status", "job"]
    assert lines[1].split()[:4] == [f"#{world.runs['failed']}", "✗", "failed", "nightly"]


def test_latest_of_a_job(command: CommandLine, world: World) -> None:
    assert command("show", "latest:check", "--json").json["id"] == world.runs["check"]
    assert command("show", "latest:flights_mesh/run", "--json").json["id"] == world.runs["mesh"]
    spoken = command("show", "latest:nothing")
    assert (spoken.code, spoken.out) == (2, "")
    assert spoken.err.startswith('runroom: There is no job "nothing"; known: ')
    assert 'did you mean "nightly"?' in command("show", "latest:nihgtly").err


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("show", "999999"), "There is no run #999999."),
        (("show", "9" * 30), "There is no run #"),
        (("show", "soon"), '"soon" is no run'),
        (("show",), "Missing argument 'RUN'"),
        (("runs", "--status", "bad"), "'bad' is not one of 'scheduled'"),
        (("runs", "--statsu", "failed"), "No such option"),
        (("runs", "-n", "0"), "Invalid value for '-n'"),
        (("shwo", "1"), "No such command 'shwo'. Did you mean 'show'?"),
        (("logs", "latest", "--grep", "("), "is no regular expression"),
        (("logs", "latest", "--step", "nope"), 'has no log of a step "nope"'),
        (("logs", "latest", "--follow", "--json"), "choose one of them"),
        (("artifacts", "latest", "../../store.db"), 'The run left no "../../store.db"'),
        (("artifacts", "latest", "/etc/passwd"), 'The run left no "/etc/passwd"'),
        (("runs", "--env", "a/x", "--job", "b/y"), "No run is of project a and of project b."),
        ((), "The app needs a terminal"),
    ],
)
def test_wrong_use_is_one_sentence_and_exit_code_2(
    command: CommandLine, arguments: tuple[str, ...], sentence: str
) -> None:
    spoken = command(*arguments)
    assert spoken.code == 2
    assert spoken.out == ""
    assert sentence in spoken.err
    assert spoken.err.startswith("runroom: ")
    assert spoken.err.count("\n") == 1


def test_logs_are_printed_as_they_stand_and_sieved(command: CommandLine, world: World) -> None:
    files = sorted(world.paths.run(world.runs["failed"]).logs.glob("*.log"))
    assert command("logs", "latest").out == "".join(file.read_text() for file in files)
    errors = command("logs", "latest", "--level", "error").out.splitlines()
    assert errors
    assert all(" ERROR " in line for line in errors)
    of_model = command("logs", "latest", "--model", "int_delays", "--json").json
    assert {line["node"] for line in of_model} == {"int_delays"}
    grepped = command("logs", "latest", "--grep", "Binder Error").out.splitlines()
    assert grepped
    assert all("Binder Error" in line for line in grepped)


def test_artifacts_are_listed_and_printed(command: CommandLine, world: World) -> None:
    listed = command("artifacts", "latest:nightly", "--json").json
    assert listed
    first = listed[0]["path"]
    content = (world.paths.run(world.runs["failed"]).folder / first).read_text()
    assert command("artifacts", "latest:nightly", first).out == content
    assert command("artifacts", "latest:nightly", Path(first).name).out == content


def test_a_workspace_without_a_record_has_no_runs(command: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "runroom.toml").touch()
    assert command("runs", "-w", str(tmp_path), "--json").json == []
    spoken = command("show", "latest", "-w", str(tmp_path))
    assert spoken.code == 2
    assert "nothing was recorded here yet" in spoken.err
    assert list(tmp_path.iterdir()) == [tmp_path / "runroom.toml"]

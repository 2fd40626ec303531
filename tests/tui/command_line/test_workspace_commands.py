from pathlib import Path

import pytest

from tests.tui.command_line.conftest import CommandLine


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "dbt_project.yml").write_text("name: shop\nprofile: shop\n")
    (folder / "profiles.yml").write_text("shop: {target: dev, outputs: {prod: {type: duckdb}, dev: {type: duckdb}}}\n")
    return folder


def test_jobs_and_environments_need_neither_file_nor_record(command: CommandLine, project: Path) -> None:
    jobs = command("jobs", "-w", str(project), "--json").json
    assert [(job["name"], job["environment"], job["steps"], job["implied"], job["last_run"]) for job in jobs] == [
        ("build", "dev", ["build"], True, None),
        ("test", "dev", ["test"], True, None),
    ]
    environments = command("environments", "-w", str(project), "--json").json
    assert [(item["name"], item["type"], item["tool"], item["last_run"]) for item in environments] == [
        ("dev", "development", "dbt", None),
        ("prod", "production", "dbt", None),
    ]
    assert not (project / ".runroom").exists()


def test_the_same_as_tables(command: CommandLine, project: Path) -> None:
    assert command("jobs", "-w", str(project)).out.splitlines()[1].split()[:4] == ["shop/build", "dev", "by", "hand"]
    lines = command("environments", "-w", str(project)).out.splitlines()
    assert lines[1].split()[:4] == ["shop/dev", "dbt", "development", "dev"]


def test_init_writes_once(command: CommandLine, project: Path) -> None:
    spoken = command("init", str(project))
    assert (spoken.code, spoken.out) == (0, f"{project / 'runroom.toml'} is written: shop (dbt).\n")
    again = command("init", str(project))
    assert (again.code, again.out) == (2, "")
    assert "is there already; it was not changed" in again.err


def test_a_wrong_file_is_one_sentence_and_nothing_is_started(command: CommandLine, project: Path) -> None:
    (project / "runroom.toml").write_text("[jobs.build]\nstep = ['build']\n")
    spoken = command("run", "build", "-w", str(project))
    assert spoken.code == 2
    assert "jobs.build" in spoken.err
    assert spoken.err.count("\n") == 1
    assert not (project / ".runroom").exists()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("run", "buidl"), 'There is no job "buidl"; did you mean "build"?'),
        (("run", "build", "--env", "prd"), 'There is no environment "prd"; did you mean "prod"?'),
        (("run", "build", "--vars", "[1]"), "--vars must be a mapping"),
        (("run", "build", "--vars", "{"), "--vars must be a mapping"),
        (("run", "build", "--threads", "0"), "Invalid value for '--threads'"),
    ],
)
def test_a_run_that_cannot_be_starts_nothing(
    command: CommandLine, project: Path, arguments: tuple[str, ...], sentence: str
) -> None:
    spoken = command(*arguments, "-w", str(project))
    assert spoken.code == 2
    assert sentence in spoken.err
    assert not (project / ".runroom").exists()


def test_no_workspace_says_what_to_do(command: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    spoken = command("runs", "-w", str(tmp_path / "empty"))
    assert spoken.code == 2
    assert 'see the demo with "runroom demo"' in spoken.err

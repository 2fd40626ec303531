from pathlib import Path

import pytest

from engine.configuration.workspace import load_workspace, workspace_or_problem
from engine.errors import ConfigurationError
from tests.engine.configuration.conftest import MakeProject, WriteFile

TWO_PROJECTS = """
[projects.flights]
tool = "dbt"
path = "./flights"
[projects.mesh]
tool = "sqlmesh"
path = "./mesh"
"""


@pytest.fixture
def two_projects(make_dbt: MakeProject, make_sqlmesh: MakeProject) -> None:
    make_dbt("flights")
    make_sqlmesh("mesh")


def test_a_dbt_project_needs_no_file(tmp_path: Path, make_dbt: MakeProject) -> None:
    make_dbt()
    workspace = load_workspace(tmp_path)
    assert workspace.name == tmp_path.name
    assert workspace.problem is None
    assert [(item.name, item.target, item.type) for item in workspace.environments] == [
        ("prod", "prod", "production"),
        ("dev", "dev", "development"),
    ]
    assert [(job.name, job.environment, job.kind, job.steps, job.implied) for job in workspace.jobs] == [
        ("build", "prod", "run", ("build",), True),
        ("test", "prod", "run", ("test",), True),
    ]


def test_a_sqlmesh_project_needs_no_file(tmp_path: Path, make_sqlmesh: MakeProject) -> None:
    make_sqlmesh()
    workspace = load_workspace(tmp_path)
    assert [(item.name, item.target, item.type) for item in workspace.environments] == [("prod", "prod", "production")]
    assert [(job.name, job.kind, job.steps) for job in workspace.jobs] == [
        ("plan", "plan", ("plan",)),
        ("run", "run", ("run",)),
    ]


def test_what_cannot_be_implied_is_a_problem_and_hides_nothing_else(
    tmp_path: Path, make_dbt: MakeProject, make_sqlmesh: MakeProject
) -> None:
    make_dbt("flights", targets=())
    make_sqlmesh("mesh")
    workspace = load_workspace(tmp_path)
    assert [job.project for job in workspace.jobs] == ["mesh", "mesh"]
    assert workspace.problem is not None
    assert "No profiles.yml was found" in workspace.problem


@pytest.mark.usefixtures("two_projects")
def test_a_written_job_takes_the_place_of_the_implied_one(tmp_path: Path, write_toml: WriteFile) -> None:
    write_toml(f'{TWO_PROJECTS}[jobs.build]\nenvironment = "dev"\nsteps = ["build --select x"]\ntimeout = "90m"\n')
    jobs = {(job.project, job.name): job for job in load_workspace(tmp_path).jobs}
    assert set(jobs) == {("flights", "build"), ("flights", "test"), ("mesh", "plan"), ("mesh", "run")}
    build = jobs["flights", "build"]
    assert (build.environment, build.steps, build.timeout_s, build.implied) == (
        "dev",
        ("build --select x",),
        5400,
        False,
    )


@pytest.mark.usefixtures("two_projects")
def test_written_environments_replace_those_of_their_project_only(tmp_path: Path, write_toml: WriteFile) -> None:
    write_toml(f'{TWO_PROJECTS}[environments."flights/live"]\ntarget = "prod"\nbranch = "main"\n')
    environments = load_workspace(tmp_path).environments
    assert [(item.project, item.name, item.target, item.type, item.branch) for item in environments] == [
        ("flights", "live", "prod", "production", "main"),
        ("mesh", "prod", "prod", "production", None),
    ]


@pytest.mark.usefixtures("two_projects")
def test_a_sqlmesh_job_that_plans_is_a_plan(tmp_path: Path, write_toml: WriteFile) -> None:
    write_toml(f'{TWO_PROJECTS}[jobs.deploy]\nenvironment = "mesh/prod"\nsteps = ["plan --auto-apply"]\n')
    job = load_workspace(tmp_path).jobs[0]
    assert (job.name, job.kind) == ("deploy", "plan")


@pytest.mark.usefixtures("two_projects")
@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('[environments.prod]\nproject = "fligths"\n', 'environments.prod: .* "fligths"; did you mean "flights"'),
        ("[environments.prod]\n", "environments.prod: it needs the key project: one of flights, mesh"),
        ('[environments."flights/x"]\nproject = "mesh"\n', 'its name says project "flights", but .* "mesh"'),
        ('[environments."flights/x"]\n[environments.x]\nproject = "flights"\n', "flights/x is written twice"),
        ('[jobs.j]\nenvironment = "prd"\nsteps = ["x"]\n', r'jobs\.j\.environment: .* "prd"; did you mean "prod"'),
        ('[jobs.j]\nenvironment = "prod"\nsteps = ["x"]\n', 'may mean "flights/prod" or "mesh/prod"'),
        ('[jobs."mesh/j"]\nenvironment = "flights/prod"\nsteps = ["x"]\n', 'job is of project "mesh"'),
        ('[jobs.j]\nenvironment = "dev"\nsteps = ["x"]\n[jobs."flights/j"]\nenvironment = "dev"\nsteps = ["y"]\n',
         "flights/j is written twice"),
    ],
)  # fmt: skip
def test_references_that_mean_nothing_or_too_much(
    tmp_path: Path, write_toml: WriteFile, text: str, sentence: str
) -> None:
    file = write_toml(TWO_PROJECTS + text)
    with pytest.raises(ConfigurationError, match=sentence) as caught:
        load_workspace(tmp_path)
    assert str(caught.value).startswith(str(file))


def test_a_project_that_is_not_there(tmp_path: Path, write_toml: WriteFile) -> None:
    write_toml('[projects.x]\ntool = "dbt"\npath = "./gone"\n')
    with pytest.raises(ConfigurationError, match=r"projects\.x\.path: there is no folder \./gone"):
        load_workspace(tmp_path)


def test_sqlmesh_does_not_run_a_dbt_project_but_dbt_may_run_one_of_both(
    tmp_path: Path, make_dbt: MakeProject, make_sqlmesh: MakeProject, write_toml: WriteFile
) -> None:
    make_dbt("both")
    write_toml('[projects.x]\ntool = "sqlmesh"\npath = "both"\n')
    with pytest.raises(ConfigurationError, match=r"projects\.x\.tool: .* with dbt, not with SQLMesh"):
        load_workspace(tmp_path)
    make_sqlmesh("both")
    write_toml('[projects.x]\ntool = "dbt"\npath = "both"\n')
    assert load_workspace(tmp_path).projects[0].tool == "dbt"


def test_a_wrong_file_still_gives_a_workspace_that_says_so(tmp_path: Path, write_toml: WriteFile) -> None:
    write_toml("[workspace\n")
    workspace = workspace_or_problem(tmp_path)
    assert workspace.paths.folder == tmp_path
    assert workspace.jobs == ()
    assert workspace.problem is not None
    assert "no valid TOML" in workspace.problem


def test_who_decides(
    tmp_path: Path, bare_home: Path, make_dbt: MakeProject, write_toml: WriteFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_dbt()
    assert load_workspace(tmp_path).max_concurrent_runs == 4
    own = bare_home / ".config" / "runroom" / "config.toml"
    own.parent.mkdir(parents=True)
    own.write_text('max_concurrent_runs = 5\ncancel_grace = "1m"\n')
    assert load_workspace(tmp_path).max_concurrent_runs == 5
    assert load_workspace(tmp_path).grace_s == 60
    write_toml("[workspace]\nmax_concurrent_runs = 6\n")
    assert load_workspace(tmp_path).max_concurrent_runs == 6
    monkeypatch.setenv("RUNROOM_MAX_CONCURRENT_RUNS", "7")
    assert load_workspace(tmp_path).max_concurrent_runs == 7


def test_a_wrong_variable_is_named(tmp_path: Path, make_dbt: MakeProject, monkeypatch: pytest.MonkeyPatch) -> None:
    make_dbt()
    monkeypatch.setenv("RUNROOM_MAX_CONCURRENT_RUNS", "many")
    with pytest.raises(ConfigurationError, match="RUNROOM_MAX_CONCURRENT_RUNS in the environment is wrong"):
        load_workspace(tmp_path)

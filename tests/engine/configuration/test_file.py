"""What is wrong with a runroom.toml is said in one sentence that names the file and the line or key."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.configuration.file import read_configuration
from engine.errors import ConfigurationError
from tests.engine.configuration.conftest import WriteFile

JOB = '[jobs.nightly]\nenvironment = "prod"\nsteps = ["build"]\n'


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[workspace\n", "no valid TOML: .*line 1"),
        ("[jobs.a]\n[jobs.a]\n", "no valid TOML: .*line 2"),
        (
            "name = 1\n",
            r"name is not a known key; known: api, environments, jobs, keys, .*, projects, webhooks, workspace\.",
        ),
        ("[workspce]\n", 'workspce is not a known key; did you mean "workspace"'),
        ("[workspace]\nmax_concurent_runs = 2\n", 'workspace.max_concurent_runs .* did you mean "max_concurrent_runs"'),
        (f"{JOB}tiemout = '2h'\n", r'jobs\.nightly\.tiemout is not a known key; did you mean "timeout"'),
        ("[environments.prod]\ntypo = 1\n", r'environments\.prod\.typo is not a known key; did you mean "type"'),
        ("[projects.x]\npath = '.'\n", "projects.x needs the key tool"),
        ("[projects.x]\ntool = 'DBT'\npath = '.'\n", r"projects\.x\.tool: input should be 'dbt' or 'sqlmesh'"),
        (f"{JOB}timeout = '2 hours'\n", r'jobs\.nightly\.timeout: "2 hours" is not a length of time'),
        (f"{JOB}timeout = 7200\n", r"jobs\.nightly\.timeout: input should be a valid string"),
        (f"{JOB}schedule = '61 * * * *'\n", r'jobs\.nightly\.schedule: "61 \* \* \* \*" is not a cron schedule'),
        ("[jobs.nightly]\nenvironment = 'prod'\nsteps = []\n", r"jobs\.nightly\.steps: "),
        ("[jobs.nightly]\nenvironment = 'prod'\nsteps = ['build \"']\n", "cannot be split into words"),
        ("[jobs.nightly]\nenvironment = 'prod'\nsteps = ['  ']\n", "a step is empty"),
        ("[workspace]\nmax_concurrent_runs = 0\n", r"workspace\.max_concurrent_runs: input should be greater than"),
        (
            "[workspace]\nmax_concurrent_runs = '4'\n",
            r"workspace\.max_concurrent_runs: input should be a valid integer",
        ),
        ("[projects.'a b']\ntool = 'dbt'\npath = '.'\n", '"a b" cannot be a name'),
        ("[jobs.'a/b/c']\nenvironment = 'p'\nsteps = ['x']\n", '"b/c" cannot be a name'),
    ],
)
def test_one_sentence_for_each_mistake(write_toml: WriteFile, text: str, sentence: str) -> None:
    file = write_toml(text)
    with pytest.raises(ConfigurationError, match=sentence) as caught:
        read_configuration(file)
    assert str(caught.value).startswith(str(file))
    assert "\n" not in str(caught.value)
    assert caught.value.exit_code == 2


def test_text_that_is_no_utf8_names_its_line(tmp_path: Path) -> None:
    file = tmp_path / "runroom.toml"
    file.write_bytes(b"# fine\n# \xff\n")
    with pytest.raises(ConfigurationError, match="no UTF-8 text in line 2"):
        read_configuration(file)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200, deadline=None)
@given(st.binary(max_size=200))
def test_whatever_is_in_the_file_it_is_read_or_refused_in_one_line(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "runroom.toml"
    file.write_bytes(content)
    problem = ""
    try:
        read_configuration(file)
    except ConfigurationError as error:
        problem = str(error)
    assert "\n" not in problem

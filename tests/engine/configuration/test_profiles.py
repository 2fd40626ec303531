from pathlib import Path

import pytest

from engine.configuration.profiles import dbt_targets
from engine.errors import ConfigurationError
from tests.engine.configuration.conftest import MakeProject


def write(place: Path, text: str) -> Path:
    place.mkdir(parents=True, exist_ok=True)
    (place / "profiles.yml").write_text(text)
    return place


def profile(*targets: str) -> str:
    return "flights_profile:\n  outputs:\n" + "".join(f"    {target}: {{type: duckdb}}\n" for target in targets)


def test_the_default_target_comes_first_the_others_as_written(make_dbt: MakeProject) -> None:
    project = make_dbt(targets=("dev", "ci", "prod"))
    assert dbt_targets(project, {}).names == ("prod", "dev", "ci")


def test_looks_where_dbt_looks_and_in_its_order(make_dbt: MakeProject, tmp_path: Path) -> None:
    project = make_dbt("project", targets=())
    home = write(tmp_path / "home" / ".dbt", profile("of_home")).parent
    assert dbt_targets(project, {"HOME": str(home)}).names == ("of_home",)
    write(project, profile("of_project"))
    assert dbt_targets(project, {"HOME": str(home)}).names == ("of_project",)
    named = write(tmp_path / "named", profile("of_variable"))
    environ = {"HOME": str(home), "DBT_PROFILES_DIR": str(named)}
    assert dbt_targets(project, environ).names == ("of_variable",)


def test_a_profiles_folder_that_is_named_and_empty_is_not_replaced_by_another(
    make_dbt: MakeProject, tmp_path: Path
) -> None:
    with pytest.raises(ConfigurationError, match=r"No profiles\.yml was found"):
        dbt_targets(make_dbt(), {"DBT_PROFILES_DIR": str(tmp_path / "nowhere")})


def test_answers_env_var_as_dbt_would(make_dbt: MakeProject) -> None:
    project = make_dbt(targets=("dev", "prod"))
    text = (project / "profiles.yml").read_text()
    (project / "profiles.yml").write_text(text.replace("target: prod", "target: \"{{ env_var('WHERE', 'dev') }}\""))
    assert dbt_targets(project, {}).names[0] == "dev"
    assert dbt_targets(project, {"WHERE": "prod"}).names[0] == "prod"


def test_says_which_profile_is_missing_and_where(make_dbt: MakeProject) -> None:
    project = make_dbt()
    write(project, "other:\n  outputs: {dev: {type: duckdb}}\n")
    with pytest.raises(ConfigurationError, match=r'profiles\.yml has no profile "flights_profile"'):
        dbt_targets(project, {})


@pytest.mark.parametrize("text", ["a: [\n", "\x00", "a: b: c\n"])
def test_broken_yaml_is_one_sentence_without_its_content(make_dbt: MakeProject, text: str) -> None:
    project = make_dbt()
    write(project, f"# password: hunter2\n{text}")
    with pytest.raises(ConfigurationError, match="is no valid YAML") as caught:
        dbt_targets(project, {})
    assert "hunter2" not in str(caught.value)
    assert "\n" not in str(caught.value)

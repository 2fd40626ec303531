"""Profiles: where dbt finds them, what is wrong with them, what in them is secret."""

from pathlib import Path

import pytest

from engine.adapters.dbt.profile import Profile, ProfileProblem, ProfileQuestion, profile_folders, read_profile

PROFILES = """
shop:
  target: "{{ env_var('SHOP_TARGET', 'dev') }}"
  outputs:
    dev: {type: duckdb, path: "{{ env_var('SHOP_FOLDER') | lower }}/shop.duckdb"}
    prod:
      type: postgres
      user: ann
      password: "{{ env_var('SHOP_PASSWORD') }}"
      pass: plain-text
      threads: 4
      private_key_path: /keys/shop.p8
      keyfile_json:
        private_key: |
          -----BEGIN PRIVATE KEY-----
          MIIEvQIBADANBg
          -----END PRIVATE KEY-----
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "dbt_project.yml").write_text("name: shop\nprofile: shop\n")
    (tmp_path / "profiles.yml").write_text(PROFILES)
    return tmp_path


def ask(project: Path, named: str | None = None, target: str | None = None, **environment: str) -> Profile:
    return read_profile(ProfileQuestion(project, [project], environment, named, target))


def problem(project: Path, named: str | None = None, target: str | None = None, **environment: str) -> str:
    with pytest.raises(ProfileProblem) as caught:
        ask(project, named, target, **environment)
    text = str(caught.value)
    assert "\n" not in text
    return text


def test_the_target_may_come_from_the_environment(project: Path) -> None:
    assert ask(project, SHOP_FOLDER="/data").target == "dev"
    assert ask(project, SHOP_TARGET="prod", SHOP_PASSWORD="x").target == "prod"
    assert ask(project, SHOP_FOLDER="/data").adapter == "duckdb"


def test_a_variable_that_the_target_needs_is_missing(project: Path) -> None:
    file = project / "profiles.yml"

    assert problem(project) == (
        f"The profile `shop` in {file} needs the environment variable SHOP_FOLDER, which is not set."
    )


def test_secrets_of_every_target_are_found(project: Path) -> None:
    secrets = ask(project, SHOP_FOLDER="/data", SHOP_PASSWORD="horse-battery").secrets

    assert {"horse-battery", "plain-text", "MIIEvQIBADANBg"} <= set(secrets)
    assert {"ann", "4", "/keys/shop.p8"}.isdisjoint(secrets)


def test_an_unknown_target_lists_the_known(project: Path) -> None:
    assert problem(project, target="staging").endswith("has no target `staging`; it has dev, prod.")


def test_an_unknown_profile_lists_the_known(project: Path) -> None:
    assert "has no profile `store`" in problem(project, named="store")


def test_no_profiles_file(project: Path) -> None:
    (project / "profiles.yml").unlink()

    assert problem(project) == f"There is no profiles.yml in {project}; write one, or set DBT_PROFILES_DIR."


def test_no_project_file(project: Path) -> None:
    (project / "dbt_project.yml").unlink()

    assert "no dbt project" in problem(project)


def test_a_project_without_a_profile(project: Path) -> None:
    (project / "dbt_project.yml").write_text("name: shop\n")

    assert "names no profile" in problem(project)


def test_broken_yaml_names_the_line(project: Path) -> None:
    (project / "profiles.yml").write_text("shop:\n  target: dev\n outputs: [\n")

    assert "profiles.yml, line 3: this is not valid YAML" in problem(project)


@pytest.mark.parametrize("content", ["", "- a\n", "shop: 3\n", "shop: {outputs: {}}\n"])
def test_a_profile_of_the_wrong_shape(project: Path, content: str) -> None:
    (project / "profiles.yml").write_text(content)

    assert str(project / "profiles.yml") in problem(project)


def test_what_jinja_computes_is_left_to_dbt(project: Path) -> None:
    (project / "dbt_project.yml").write_text("name: shop\nprofile: \"{{ 'sh' ~ 'op' }}\"\n")

    assert ask(project).name is None

    (project / "dbt_project.yml").write_text("name: shop\nprofile: shop\n")
    (project / "profiles.yml").write_text("shop:\n  target: \"{{ 'd' ~ 'ev' }}\"\n  outputs: {dev: {type: duckdb}}\n")

    assert ask(project).target is None


def test_the_order_of_search_is_dbts(tmp_path: Path) -> None:
    work, checkout, home = tmp_path / "work", tmp_path / "checkout", tmp_path / "home"

    assert profile_folders("given", work, checkout, home) == [work / "given"]
    assert profile_folders(None, work, checkout, home) == [checkout, work, home / ".dbt"]
    assert profile_folders(None, work, work, home) == [work, home / ".dbt"]

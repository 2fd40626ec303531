"""A dbt run in a schema of its own: where it leads, what it refuses, what it drops."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from engine.adapters.dbt.isolation import built_elsewhere, isolated_profile, own_schemas
from engine.adapters.dbt.profile import Profile

WRITTEN = """
shop:
  target: dev
  outputs:
    dev: {type: duckdb, path: dev.duckdb}
    prod:
      type: postgres
      host: db.example.org
      password: "{{ env_var('DBT_PASSWORD') }}"
      schema: main
    big: {type: bigquery, dataset: main}
"""


def profile(folder: Path, target: str | None, name: str | None = "shop") -> Profile:
    file = folder / "profiles.yml"
    file.write_text(WRITTEN, encoding="utf-8")
    return Profile(file, name, target, None, ())


def node(name: str, schema: str, kind: str = "model", **config: str) -> dict[str, Any]:
    return {"name": name, "schema": schema, "database": "db", "resource_type": kind, "config": config}


def test_only_the_schema_of_the_one_target_is_another(tmp_path: Path) -> None:
    content = isolated_profile(profile(tmp_path, "prod"), "ci_7")

    output = {**yaml.safe_load(WRITTEN)["shop"]["outputs"]["prod"], "schema": "ci_7"}
    assert content == {"shop": {"target": "prod", "outputs": {"prod": output}}}
    assert output["password"] == "{{ env_var('DBT_PASSWORD') }}"


@pytest.mark.parametrize(("target", "key"), [("dev", "schema"), ("big", "dataset")])
def test_the_schema_is_named_in_the_database_s_own_word(tmp_path: Path, target: str, key: str) -> None:
    content = isolated_profile(profile(tmp_path, target), "ci_7")

    assert content is not None
    output = content["shop"]["outputs"][target]
    assert {word: output.get(word) for word in ("schema", "dataset") if word in output} == {key: "ci_7"}


@pytest.mark.parametrize(("target", "name"), [(None, "shop"), ("dev", None)])
def test_what_jinja_decides_cannot_be_led_elsewhere(tmp_path: Path, target: str | None, name: str | None) -> None:
    assert isolated_profile(profile(tmp_path, target, name), "ci_7") is None


def test_what_would_be_built_elsewhere_is_named() -> None:
    nodes = [
        node("orders", "ci_7"),
        node("totals", "CI_7_marts"),
        node("loose", "marts"),
        node("other_request", "ci_77"),
        node("inline", "marts", materialized="ephemeral"),
        node("not_null", "marts", "test"),
        node("history", "snapshots", "snapshot"),
    ]
    assert built_elsewhere(nodes, "ci_7") == ["loose in marts", "other_request in ci_77", "history in snapshots"]


def test_only_the_run_s_own_schemas_are_dropped() -> None:
    nodes = [
        node("orders", "ci_7"),
        node("totals", "ci_7_marts"),
        node("more", "ci_7_marts"),
        node("other_request", "ci_77"),
        node("not_null", "ci_7_dbt_test__audit", "test"),
        node("loose", "main"),
    ]
    assert own_schemas(nodes, "ci_7") == [("db", "ci_7"), ("db", "ci_7_dbt_test__audit"), ("db", "ci_7_marts")]

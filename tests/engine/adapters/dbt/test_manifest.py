"""dbt's manifest: graph, facts of nodes, and a file that is being written."""

import json
from pathlib import Path, PurePosixPath

import pytest

from engine.adapters.dbt.manifest import Manifest, ManifestFile, manifest_of
from tests.engine.adapters.dbt.recording import VERSIONS, load


@pytest.mark.parametrize("version", VERSIONS)
def test_the_graph_of_a_real_project(version: str) -> None:
    manifest = load(version).manifest

    nodes = {node.model: node for node in manifest.graph_nodes(frozenset({"model.shop.totals"}))}
    found = {audit.name: audit for audit in manifest.graph_audits(frozenset())}

    assert nodes["model.shop.totals"].parents == ("model.shop.only_inside",)
    assert [node for node, value in nodes.items() if value.selected] == ["model.shop.totals"]
    assert nodes["model.shop.stg_orders"].owner == "sales"
    assert nodes["exposure.shop.board"].parents == ("model.shop.totals",)
    assert nodes["exposure.shop.board"].owner == "Ann"
    assert found["not_null_stg_orders_amount"].blocking is False
    assert found["orders_are_few"].model == "snapshot.shop.orders_history"
    assert found["amounts_are_kept"].model == "model.shop.stg_orders"


def test_compiled_paths_follow_dbt() -> None:
    manifest = load("dbt_1_11").manifest
    generic = next(node for node in manifest.nodes if "total_is_41" in node)

    assert manifest.compiled_path("model.shop.totals") == PurePosixPath("compiled/shop/models/totals.sql")
    assert manifest.compiled_path(generic) == PurePosixPath("compiled/shop/models/models.yml/total_is_41.sql")
    assert manifest.compiled_path("model.shop.unknown") is None


def test_a_group_owns_its_models() -> None:
    manifest = manifest_of(
        {
            "nodes": {"model.a.m": {"name": "m", "config": {"group": "finance"}}},
            "groups": {"group.a.finance": {"name": "finance", "owner": {"name": "Ann"}}},
        }
    )

    assert manifest.graph_nodes(frozenset())[0].owner == "Ann"


def test_order_survives_a_cycle() -> None:
    nodes = {
        "model.a.a": {"depends_on": {"nodes": ["model.a.b"]}},
        "model.a.b": {"depends_on": {"nodes": ["model.a.a"]}},
        "model.a.c": {"depends_on": {"nodes": ["model.a.a"]}},
        "model.a.r": {},
    }

    assert sorted(Manifest(nodes=nodes).in_order(nodes)) == sorted(nodes)


def test_order_puts_parents_first_in_a_long_chain() -> None:
    nodes = {f"model.a.m{n:04}": {"depends_on": {"nodes": [f"model.a.m{n + 1:04}"]}} for n in range(3000)}

    assert Manifest(nodes=nodes).in_order(nodes) == sorted(nodes, reverse=True)


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"nodes": None},
        {"nodes": {"model.a.m": None}},
        {"nodes": {"model.a.m": {"depends_on": 3, "columns": [1], "tags": "x", "config": "y", "meta": []}}},
        {"groups": {"g": None}, "sources": 5, "metadata": []},
    ],
)
def test_a_strange_manifest_still_gives_a_graph(value: dict[str, object]) -> None:
    manifest = manifest_of(value)

    assert len(manifest.graph_nodes(frozenset())) <= 1
    assert manifest.graph_audits(frozenset()) == ()


class TestManifestFile:
    def test_a_half_written_file_is_read_once_it_is_whole(self, tmp_path: Path) -> None:
        path = tmp_path / "manifest.json"
        whole = json.dumps({"metadata": {"invocation_id": "one"}, "nodes": {"model.a.m": {}}})
        file = ManifestFile(path)

        assert file.read("one") is None
        path.write_text(whole[:30])
        assert file.read("one") is None
        path.write_text(whole)

        manifest = file.read("one")
        assert manifest is not None
        assert list(manifest.nodes) == ["model.a.m"]

    def test_an_earlier_invocation_does_not_count(self, tmp_path: Path) -> None:
        path = tmp_path / "manifest.json"
        path.write_text(json.dumps({"metadata": {"invocation_id": "one"}}))

        assert ManifestFile(path).read("two") is None
        assert ManifestFile(path).read(None) is not None

"""`lineage`, `model` and `causes`: a run's graph, one of its models, and why it is red."""

import pytest

from tests.tui.command_line.conftest import CommandLine
from tests.worlds import World


def test_what_is_around_a_model(command: CommandLine) -> None:
    spoken = command("lineage", "latest", "int_delays", "--up", "1", "--down", "1")
    rows = [line.split() for line in spoken.out.splitlines()]
    assert rows[0] == ["away", "status", "name", "kind", "duration", "feeds"]
    assert [(row[0], row[3]) for row in rows[1:]] == [
        ("-1", "int_flown_flights"),
        (">", "int_delays"),
        ("+1", "mart_carriers"),
        ("+1", "mart_delay_trends"),
    ]
    assert rows[2][1:3] == ["✗", "failed"]


def test_the_whole_graph_as_json_has_every_edge_twice(command: CommandLine, world: World) -> None:
    shown = command("lineage", "latest", "--json").json
    assert (shown["run"], shown["model"]) == (world.runs["failed"], None)
    nodes = {node["unique_name"]: node for node in shown["nodes"]}
    assert len(nodes) == 23
    assert all(name in nodes[parent]["children"] for name, node in nodes.items() for parent in node["parents"])
    order = list(nodes)
    assert all(order.index(parent) < order.index(name) for name, node in nodes.items() for parent in node["parents"])
    assert nodes["model.flights.int_delays"]["status"] == "failed"
    assert nodes["model.flights.int_delays"]["distance"] is None


def test_distances_are_negative_upstream(command: CommandLine) -> None:
    shown = command("lineage", "latest", "int_delays", "--json").json
    away = {node["name"]: node["distance"] for node in shown["nodes"]}
    assert away == {
        "stg_flights": -2, "int_flown_flights": -1, "int_delays": 0,
        "mart_carriers": 1, "mart_delay_trends": 1, "mart_carrier_scorecard": 2,
    }  # fmt: skip


def test_a_graph_for_graphviz(command: CommandLine) -> None:
    lines = command("lineage", "latest", "int_delays", "--down", "1", "--up", "0", "--dot").out.splitlines()
    assert lines[0].startswith("digraph")
    assert '  "model.flights.int_delays" -> "model.flights.mart_carriers";' in lines


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("latest", "int_dely"), 'The run has no model "int_dely"; did you mean int_delays?'),
        (("latest", "--up", "1"), "--up and --down count from a model; name one."),
        (("latest", "int_delays", "--up", "-1"), "Invalid value for '--up'"),
        (("latest", "--json", "--dot"), "--json and --dot are two formats; name one."),
        (("999",), "There is no run #999."),
    ],
)
def test_wrong_use_is_one_sentence(command: CommandLine, arguments: tuple[str, ...], sentence: str) -> None:
    spoken = command("lineage", *arguments)
    assert (spoken.code, spoken.out) == (2, "")
    assert sentence in spoken.err
    assert len(spoken.err.splitlines()) == 1


def test_the_causes_of_a_red_run(command: CommandLine, world: World) -> None:
    lines = command("causes", "latest").out.splitlines()
    assert lines[1] == "1 root cause → 3 skipped → 7 audits not executed"
    assert lines[3] == "✗ int_delays  took down 3 skipped → 7 audits not executed"
    assert lines[4].strip().startswith("Binder Error:")
    assert lines[5].strip().startswith(f"fails since #{world.runs['failed']} ")
    assert lines[5].endswith(f"it last went well in #{world.runs['completed']}")
    assert [line.split()[1] for line in lines[6:9]] == ["mart_carriers", "mart_delay_trends", "mart_carrier_scorecard"]


def test_the_causes_as_json(command: CommandLine, world: World) -> None:
    told = command("causes", f"#{world.runs['failed']}", "--json").json
    assert (told["skipped"], told["audits"], told["exposures"]) == (3, 7, 0)
    (root,) = told["roots"]
    assert (root["kind"], root["name"], root["downstream"]) == ("model", "int_delays", 3)
    assert root["failing_since"]["runs"] == 1
    assert [(each["name"], each["distance"], each["downstream"]) for each in root["skipped"]] == [
        ("mart_carriers", 1, 1),
        ("mart_delay_trends", 1, 0),
        ("mart_carrier_scorecard", 2, 0),
    ]


def test_a_run_that_went_well_has_none(command: CommandLine, world: World) -> None:
    spoken = command("causes", str(world.runs["completed"]))
    assert spoken.code == 0
    assert spoken.out.splitlines()[1].startswith("No model and no audit failed")
    assert command("causes", str(world.runs["completed"]), "--json").json["roots"] == []


def test_one_model(command: CommandLine) -> None:
    out = command("model", "latest", "mart_carriers").out
    assert out.startswith("mart_carriers  ↷ skipped in #")
    for title in ("Upstream", "Downstream", "Stale because of it", "Columns", "Definition"):
        assert f"\n{title}\n" in out
    assert "  relation " in out


def test_one_model_as_json(command: CommandLine, world: World) -> None:
    told = command("model", "latest", "int_delays", "--json").json
    assert (told["name"], told["status"], told["run"]) == ("int_delays", "failed", world.runs["failed"])
    assert [each["name"] for each in told["downstream"]] == [
        "mart_carriers", "mart_delay_trends", "mart_carrier_scorecard",
    ]  # fmt: skip
    assert told["stale"] == [each["unique_name"] for each in told["downstream"]]
    assert told["history"]["previous"]["run"] == world.runs["completed"]
    assert len(told["history"]["executions"]) > 5
    assert {"int_delays_key", "tailnum"} <= {column["name"] for column in told["columns"]}
    assert told["definition"]["against_previous"]["difference"] in ("same", "unknown")


def test_a_column_with_its_sources_and_users(command: CommandLine) -> None:
    told = command("model", "latest", "int_flown_flights", "--column", "tail_number", "--json").json
    assert [(step["name"], step["column"]) for step in told["sources"]] == [
        ("stg_flights", "tail_number"),
        ('READ_PARQUET("stg_flights.parquet")', "tail_number"),
    ]
    assert {step["name"] for step in told["users"] if step["distance"] == 1} == {"int_aircraft_rotations"}
    out = command("model", "latest", "int_flown_flights", "-c", "tail_number").out
    assert "int_flown_flights.tail_number" in out
    assert "1  stg_flights.tail_number" in out


def test_an_unknown_model_or_column_is_one_sentence(command: CommandLine) -> None:
    for arguments in (("int_dely",), ("int_delays", "-c", "nothing")):
        spoken = command("model", "latest", *arguments)
        assert (spoken.code, spoken.out) == (2, "")
        assert len(spoken.err.splitlines()) == 1

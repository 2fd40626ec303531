"""What a change of files means for the models."""

from engine.versions.comparison import Side, compare
from store.changes import ADDED, DIRECT, FORMATTING, INDIRECT, METADATA, REMOVED
from store.events import Column, GraphNode

FILES = {
    "models/stg.sql": "select * from {{ source('raw', 'flights') }}",
    "models/int.sql": "select *, {{ miles('a', 'b') }} from {{ ref('stg') }} where year = 2013",
    "models/mart.sql": "select count(*) from {{ ref('int') }}",
    "models/alone.sql": "select 1 as one",
    "macros/miles.sql": "{% macro miles(a, b) %}{{ rough(a) }} - {{ b }}{% endmacro %}",
    "macros/rough.sql": "{% macro rough(a) %}round({{ a }}){% endmacro %}",
}


def node(name: str, *parents: str, **facts: object) -> GraphNode:
    base = GraphNode(
        model=f"model.p.{name}",
        name=name,
        kind="model",
        parents=tuple(f"model.p.{parent}" for parent in parents),
        file=f"models/{name}.sql",
        materialized="table",
    )
    return base.model_copy(update=facts)


NODES = (node("stg"), node("int", "stg"), node("mart", "int"), node("alone"))


def side(changes: dict[str, str] | None = None, nodes: tuple[GraphNode, ...] = NODES) -> Side:
    texts = FILES | (changes or {})
    return Side({each.model: each for each in nodes}, {path: str(hash(text)) for path, text in texts.items()}, texts)


def changes(before: Side, after: Side) -> dict[str, str]:
    return {each.model.removeprefix("model.p."): each.change for each in compare(before, after).changes}


def test_the_same_files_change_nothing() -> None:
    assert changes(side(), side()) == {}


def test_a_changed_filter_changes_the_model_and_what_is_built_on_it() -> None:
    after = side({"models/int.sql": FILES["models/int.sql"].replace("2013", "2012")})
    found = compare(side(), after)

    assert changes(side(), after) == {"int": DIRECT, "mart": INDIRECT}
    assert found.causes == {"model.p.mart": ("model.p.int",)}
    assert "-select *, {{ miles('a', 'b') }} from {{ ref('stg') }} where year = 2013" in (found.changes[0].diff or "")


def test_spaces_and_comments_are_formatting_and_reach_nobody_else() -> None:
    after = side({"models/int.sql": FILES["models/int.sql"].replace("where", "\n-- of one year\nWHERE")})

    assert changes(side(), after) == {"int": FORMATTING}


def test_a_description_is_metadata() -> None:
    columns = (Column(name="one", description="always 1"),)
    described = (*NODES[:3], node("alone", description="The one", columns=columns))
    found = compare(side(), side(nodes=described))

    assert [(each.model, each.change) for each in found.changes] == [("model.p.alone", METADATA)]
    assert found.changes[0].diff == "+description: The one\n+column one:  always 1"


def test_another_materialization_changes_the_model() -> None:
    found = compare(side(), side(nodes=(*NODES[:3], node("alone", materialized="view"))))

    assert [(each.model, each.change) for each in found.changes] == [("model.p.alone", DIRECT)]
    assert found.changes[0].diff == "-materialized: table\n+materialized: view"


def test_models_come_and_go() -> None:
    before = side(nodes=NODES[:3])
    after = side(nodes=(node("stg"), node("int", "stg"), node("alone")))

    assert changes(before, after) == {"alone": ADDED, "mart": REMOVED}


def test_what_reads_an_added_model_changes_with_it() -> None:
    before = side(nodes=(node("int", "stg"),))

    assert changes(before, side(nodes=NODES[:2])) == {"stg": ADDED, "int": INDIRECT}


def test_a_macro_changes_the_models_that_call_it_even_through_another() -> None:
    after = side({"macros/rough.sql": FILES["macros/rough.sql"].replace("round", "floor")})

    assert changes(side(), after) == {"int": DIRECT, "mart": INDIRECT}


def test_a_reformatted_macro_changes_nothing() -> None:
    after = side({"macros/rough.sql": FILES["macros/rough.sql"].replace("round", "\n  round")})

    assert changes(side(), after) == {}


def test_a_model_of_a_package_is_compared_by_its_checksum() -> None:
    packaged = node("alone", file="models/of_the_package.sql", checksum="1")
    before, after = side(nodes=(packaged,)), side(nodes=(packaged.model_copy(update={"checksum": "2"}),))

    assert changes(before, before) == {}
    assert changes(before, after) == {"alone": DIRECT}

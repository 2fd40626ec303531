"""The tree of models, and what ticks in it mean."""

from store.events import GraphNode
from tui.scope.branches import Branch, branches, choose, tick_of


def node(name: str, file: str | None = None, tags: tuple[str, ...] = (), kind: str = "model") -> GraphNode:
    return GraphNode(model=f"unique.{name}", name=name, kind=kind, file=file, tags=tags)


DBT = [
    node("stg_orders", "models/staging/stg_orders.sql", ("core",)),
    node("stg_items", "models/staging/stg_items.sql"),
    node("daily", "models/marts/deep/daily.sql", ("core",)),
    node("bands", "seeds/bands.csv", kind="seed"),
    node("raw", None, kind="source"),
]
MESH = [node("staging.orders"), node("staging.items"), node("marts.daily", tags=("core",))]


def shape(found: tuple[Branch, ...]) -> list[object]:
    return [[branch.label, shape(branch.children)] if branch.children else branch.label for branch in found]


def keys(found: tuple[Branch, ...], *selectors: str) -> list[str]:
    every = [branch for top in found for branch in (top, *top.below())]
    return [branch.key for branch in every if branch.selector in selectors]


def test_dbt_is_by_folder_and_by_tag() -> None:
    assert shape(branches(DBT, "dbt")) == [
        ["models/", [["marts/", [["deep/", ["daily"]]]], ["staging/", ["stg_items", "stg_orders"]]]],
        ["seeds/", ["bands"]],
        ["tag core", ["daily", "stg_orders"]],
    ]


def test_sqlmesh_is_by_schema_and_by_tag() -> None:
    found = branches(MESH, "sqlmesh")
    assert shape(found) == [
        ["marts/", ["marts.daily"]],
        ["staging/", ["staging.items", "staging.orders"]],
        ["tag core", ["marts.daily"]],
    ]
    assert choose(found, keys(found, "staging.*")).selectors == ("staging.*",)


def test_without_ticks_all_is_meant_and_nothing_is_selected() -> None:
    chosen = choose(branches(DBT, "dbt"), ())
    assert chosen.selectors == ()
    assert len(chosen.models) == 4


def test_a_deeper_tick_narrows_and_taking_it_away_widens_again() -> None:
    found = branches(DBT, "dbt")
    folder = keys(found, "path:models/staging")
    assert choose(found, folder).selectors == ("path:models/staging",)
    (model, *_) = keys(found, "stg_items")
    narrowed = choose(found, [*folder, model])
    assert narrowed.selectors == ("stg_items",)
    assert narrowed.models == {"unique.stg_items"}
    assert choose(found, folder).models == {"unique.stg_items", "unique.stg_orders"}


def test_ticks_beside_each_other_add_up() -> None:
    found = branches(DBT, "dbt")
    chosen = choose(found, keys(found, "path:seeds", "tag:core"))
    assert chosen.selectors == ("path:seeds", "tag:core")
    assert chosen.models == {"unique.bands", "unique.daily", "unique.stg_orders"}


def test_a_model_that_is_ticked_in_two_places_is_selected_once() -> None:
    found = branches(DBT, "dbt")
    assert choose(found, keys(found, "daily")).selectors == ("daily",)


def test_a_branch_that_is_narrowed_is_marked_as_taken_in_part() -> None:
    found = branches(DBT, "dbt")
    models = found[0]
    ticked = keys(found, "path:models", "path:models/marts")

    assert [tick_of(branch, ticked) for branch in (models, *models.children)] == ["some", "all", "none"]
    assert tick_of(models, keys(found, "path:models")) == "all"

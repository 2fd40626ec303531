"""Which model somebody means."""

import pytest

from store.events import GraphNode
from store.lineage.graph import Lineage, lineage_of
from store.lineage.names import NoSuchModel, find_model
from store.models import RunGraph

MESH = '"warehouse"."marts"."late"'


def known() -> Lineage:
    nodes = (
        GraphNode(model=MESH, name="marts.late", kind="model"),
        GraphNode(model='"warehouse"."staging"."late"', name="staging.late", kind="model"),
        GraphNode(model='"warehouse"."marts"."carriers"', name="marts.carriers", kind="model"),
    )
    return lineage_of(RunGraph(nodes=nodes))


@pytest.mark.parametrize("text", [MESH, "marts.late", "MARTS.late", "warehouse.marts.late"])
def test_any_of_its_names_means_a_model(text: str) -> None:
    assert find_model(known(), text) == MESH


def test_the_end_of_a_name_is_enough_where_it_means_one() -> None:
    assert find_model(known(), "carriers") == '"warehouse"."marts"."carriers"'
    with pytest.raises(NoSuchModel, match=r'"late" may mean "warehouse"."marts"."late", "warehouse"."staging"."late".'):
        find_model(known(), "late")


def test_a_slip_is_answered_with_the_nearest_name() -> None:
    with pytest.raises(NoSuchModel, match=r"did you mean marts.carriers\?"):
        find_model(known(), "marts.cariers")
    with pytest.raises(NoSuchModel, match=r'^The run has no model "zzz"\.$'):
        find_model(known(), "zzz")

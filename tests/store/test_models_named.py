"""Models that are found by part of their name."""

from store.events import ModelFinished
from store.models_named import NamedModel
from store.reads import StoreReader
from store.status import ModelStatus
from store.writes import StoreWriter
from tests.store.making import finished, happen, moment, request, started


async def built(writer: StoreWriter, run_id: int, *models: str, **changes: object) -> None:
    """A run that built these."""
    await writer.create_run(request(run_id, **changes))
    executed = [ModelFinished(ts=moment(1), model=name, status=ModelStatus.SUCCEEDED, duration_s=1) for name in models]
    await happen(writer, run_id, started(), *executed, finished())


async def test_a_model_is_found_in_the_last_run_that_had_it(writer: StoreWriter, reader: StoreReader) -> None:
    await built(writer, 1, "p.orders", "p.Order_lines", "p.customers")
    await built(writer, 2, "p.orders")
    await built(writer, 3, "p.orders", environment="dev")
    run = await reader.run(1)

    found = await reader.models_named(run.project, run.environment, "ORDER", 10)

    assert found == [NamedModel("p.Order_lines", "Order_lines", 1), NamedModel("p.orders", "orders", 2)]
    assert await reader.models_named(run.project, run.environment, "order", 1) == found[:1]
    assert await reader.models_named(run.project, run.environment, "%", 10) == []

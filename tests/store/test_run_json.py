"""A run as JSON."""

from pathlib import Path

from store.events import AuditFinished, Interval, ModelProgress
from store.paths import WorkspacePaths
from store.reads import StoreReader
from store.run_json import whole_run
from store.status import AuditStatus
from store.writes import StoreWriter
from tests.store.making import BEGIN, finished, happen, moment, request, started

DAY = Interval(start=BEGIN, end=moment(86_400))


async def test_an_audit_has_its_arguments_and_its_query(
    writer: StoreWriter, reader: StoreReader, tmp_path: Path
) -> None:
    paths = WorkspacePaths(tmp_path)
    compiled = paths.run(1).folder / "target" / "unique.sql"
    compiled.parent.mkdir(parents=True)
    compiled.write_text("select 2")
    passed = AuditStatus.PASSED
    await writer.create_run(request(1))
    await happen(
        writer,
        1,
        started(),
        AuditFinished(
            ts=BEGIN, audit="a", name="range", status=passed, sql="select 1", arguments={"max": 9}, interval=DAY
        ),
        AuditFinished(ts=moment(1), audit="b", name="unique", status=passed, compiled_file="target/unique.sql"),
        AuditFinished(ts=moment(2), audit="c", name="gone", status=passed, compiled_file="target/gone.sql"),
        finished(),
    )

    audits = (await whole_run(reader, paths, 1, BEGIN))["audits"]

    assert [(each["sql"], each["arguments"]) for each in audits] == [
        ("select 1", {"max": 9}),
        ("select 2", {}),
        (None, {}),
    ]
    assert [each["interval_start"] is None for each in audits] == [False, True, True]


async def test_a_model_has_its_batches(writer: StoreWriter, reader: StoreReader, tmp_path: Path) -> None:
    await writer.create_run(request(1))
    told = ModelProgress(ts=BEGIN, model="p.a", batch=1, batches=2, interval=DAY, rows=7, duration_s=1.5)
    await happen(writer, 1, started(), told, finished())

    (model,) = (await whole_run(reader, WorkspacePaths(tmp_path), 1, BEGIN))["models"]

    (batch,) = model["batches"]
    assert (batch["batch"], batch["of"], batch["status"]) == (1, 2, "succeeded")
    assert (batch["rows"], batch["duration_s"]) == (7, 1.5)
    assert batch["interval"] == model["intervals"][0]

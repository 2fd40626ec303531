"""The bundle of a run: what is in it, what must not be, and where it may be put."""

import io
import json
import stat
import tarfile
from pathlib import Path

import pytest

from engine.client.secrets import mask_of_now
from store.bundle.making import Bundle, make_bundle
from store.errors import RunNotFound
from store.events import PackagesFound, to_line
from store.whole_file import FileNotWritten
from tests.tui.conftest import WorldMaker
from tests.worlds import NOW, World

SECRET = "correct-horse-battery"


async def bundle_of(world: World, role: str, target: Path, overwrite: bool = False) -> Bundle:
    return await make_bundle(world.services.reads, world.paths, world.runs[role], mask_of_now, target, NOW, overwrite)


def unpacked(path: Path) -> dict[str, str]:
    """The texts by their path within the folder that all of them are in."""
    with tarfile.open(fileobj=io.BytesIO(path.read_bytes())) as tar:
        members = tar.getmembers()
        assert all(
            member.isfile() and not member.name.startswith("/") and ".." not in member.name for member in members
        )
        assert len({member.name.partition("/")[0] for member in members}) == 1
        return {
            member.name.partition("/")[2]: content.read().decode()
            for member in members
            if (content := tar.extractfile(member)) is not None
        }


async def test_everything_about_a_failure_is_in_it(make_world: WorldMaker, tmp_path: Path) -> None:
    world = make_world("recurring")

    made = await bundle_of(world, "failed", tmp_path)

    assert made.path == tmp_path / f"runroom-run-{world.runs['failed']}.tar.gz"
    assert made.size == made.path.stat().st_size
    files = unpacked(made.path)
    assert tuple(files) == made.files
    assert {"summary.md", "lineage.txt", "lineage.json", "run.json", "versions.json", "logs/03-build.log"} <= set(files)
    assert "Candidate bindings" in files["errors/02-int_delays.txt"]
    assert "cause 3909f8" in files["errors/02-int_delays.txt"]
    assert files["sql/int_delays.compiled.sql"].startswith("-- int_delays\nselect")
    summary = files["summary.md"]
    assert "| failures | 3 failures = 2 causes |" in summary
    assert f"first seen in run {world.runs['failed-before']} (2026-11-19 13:03:59 UTC), 3 runs" in summary
    assert "| build | failed | 1 |" in summary
    assert "- type: production" in summary


async def test_the_run_is_as_show_has_it_and_the_cone_has_edges(make_world: WorldMaker, tmp_path: Path) -> None:
    world = make_world("recurring")
    files = unpacked((await bundle_of(world, "failed", tmp_path)).path)

    run = json.loads(files["run.json"])
    assert (run["id"], run["status"], len(run["models"])) == (world.runs["failed"], "failed", 23)
    cone = json.loads(files["lineage.json"])
    assert cone["failed"] == [
        "model.flights.int_aircraft_rotations",
        "model.flights.int_delays",
        "model.flights.stg_weather",
    ]
    nodes = {node["name"]: node for node in cone["nodes"]}
    assert nodes["mart_carriers"]["downstream"]
    assert nodes["mart_carriers"]["status"] == "skipped"
    assert nodes["int_flown_flights"]["upstream"]
    assert "model.flights.int_flown_flights" in nodes["int_delays"]["parents"]
    assert "dim_airlines" not in {parent for node in cone["nodes"] for parent in node["parents"]}
    assert "  feeds      1  ↷ mart_carriers" in files["lineage.txt"]


async def test_the_versions_have_the_adapter_and_the_packages_of_the_run(
    make_world: WorldMaker, tmp_path: Path
) -> None:
    world = make_world("recurring")
    found = [PackagesFound(ts=NOW, versions={"dbt-duckdb": "1.11.1"}), PackagesFound(ts=NOW, versions={"utils": "1.3"})]
    torn = b'{"v":1,"type":"packages","vers'
    world.paths.run(world.runs["failed"]).journal.write_bytes(b"".join(map(to_line, found)) + torn)

    files = unpacked((await bundle_of(world, "failed", tmp_path)).path)

    versions = json.loads(files["versions.json"])
    assert (versions["dbt-duckdb"], versions["utils"]) == ("1.11.1", "1.3")
    assert "- dbt-duckdb: `1.11.1`" in files["summary.md"]


async def test_the_short_form_is_ready_to_paste(make_world: WorldMaker, tmp_path: Path) -> None:
    made = await bundle_of(make_world("recurring"), "failed", tmp_path)
    lines = made.short.splitlines()
    assert len(lines) <= 15
    assert lines[0] == "**Run 19 nightly · flights/prod: failed**"
    assert "2026-11-21 13:02:00 UTC" in lines[2]
    assert any("`int_delays`" in line and "Binder Error" in line for line in lines)
    assert any("never seen before" in line for line in lines)


async def test_no_secret_of_now_is_in_it_wherever_a_project_printed_it(
    make_world: WorldMaker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = make_world("recurring")
    run = world.paths.run(world.runs["failed"])
    half = len(SECRET) // 2
    planted = f"2026-11-21T13:02:41.000Z ERROR [int_delays] with {SECRET} and {SECRET[:half]}\x1b[31m{SECRET[half:]}\n"
    with (run.logs / "03-build.log").open("a") as log:
        log.write(planted)
        log.write(f"2026-11-21T13:02:42.000Z ERROR {'x' * 1_990}{SECRET}\n")
        log.write("2026-11-21T13:02:42.000Z ERROR postgres://bob:hunter22@db/x -----BEGIN PRIVATE KEY-----\n")
    compiled = run.target / "compiled" / "models" / "intermediate" / "int_delays.sql"
    compiled.write_text(f"select '{SECRET}'")
    project = tmp_path / "project"
    project.mkdir()
    (project / "profiles.yml").write_text("a: {outputs: {dev: {type: x, password: in-the-profile}}}\n")
    (project / ".env").write_text("export API_TOKEN='in-the-dotenv'\n")
    (project / "config.yaml").write_text("gateways: {g: {connection: {password: in-the-config}}}\n")
    compiled.write_text(f"select '{SECRET}', 'in-the-profile', 'in-the-dotenv', 'in-the-config'")
    write_request(world, project)
    monkeypatch.setenv("WAREHOUSE_PASSWORD", SECRET)

    made = await bundle_of(world, "failed", tmp_path)

    files = unpacked(made.path)
    for text in (made.short, *files, *files.values()):
        for secret in (SECRET, SECRET[:half], "hunter22", "in-the-profile", "in-the-dotenv", "in-the-config"):
            assert secret not in text
    assert "•••" in files["logs/03-build.log"]
    assert files["sql/int_delays.compiled.sql"] == "select '•••', '•••', '•••', '•••'\n"


def write_request(world: World, project: Path) -> None:
    """What a worker of the run would have been given."""
    run_id = world.runs["failed"]
    world.paths.run(run_id).request.write_text(
        json.dumps(
            {
                "id": run_id, "name": "nightly", "project": "flights", "environment": "prod", "tool": "dbt",
                "created_at": NOW.isoformat(), "project_path": str(project), "python": "python3", "steps": ["build"],
            }
        )
    )  # fmt: skip


async def test_only_the_owner_may_read_it_and_no_name_is_in_it(make_world: WorldMaker, tmp_path: Path) -> None:
    made = await bundle_of(make_world("failed"), "failed", tmp_path)
    assert stat.S_IMODE(made.path.stat().st_mode) == 0o600
    with tarfile.open(made.path) as tar:
        assert {(member.uid, member.uname) for member in tar.getmembers()} == {(0, "")}


async def test_a_file_that_is_there_stays(make_world: WorldMaker, tmp_path: Path) -> None:
    world, target = make_world("failed"), tmp_path / "mine.tar.gz"
    target.write_text("precious")

    with pytest.raises(FileNotWritten, match=r"mine\.tar\.gz exists already; --force overwrites it"):
        await bundle_of(world, "failed", target)
    assert target.read_text() == "precious"

    made = await bundle_of(world, "failed", target, overwrite=True)
    assert "summary.md" in unpacked(made.path)


async def test_where_nothing_can_be_written_nothing_is_left(make_world: WorldMaker, tmp_path: Path) -> None:
    with pytest.raises(FileNotWritten, match="cannot be written: No such file or directory"):
        await bundle_of(make_world("failed"), "failed", tmp_path / "nowhere" / "a.tar.gz")


@pytest.mark.parametrize(
    ("name", "role", "said"),
    [
        ("running", "running", "so far"),
        ("completed", "completed", "completed"),
        ("cancelled", "cancelled", "half-updated"),
        ("queued", "queued", "queued"),
        ("queued", "error", "The worker could not be started"),
        ("idle", "plan", "plan"),
    ],
)
async def test_runs_that_did_not_fail_have_one_too(
    name: str, role: str, said: str, make_world: WorldMaker, tmp_path: Path
) -> None:
    made = await bundle_of(make_world(name), role, tmp_path)
    files = unpacked(made.path)
    assert said in files["summary.md"]
    assert json.loads(files["run.json"])["id"]
    assert len(made.short.splitlines()) <= 15


async def test_a_run_that_is_not_there(make_world: WorldMaker, tmp_path: Path) -> None:
    world = make_world("failed")
    with pytest.raises(RunNotFound):
        await make_bundle(world.services.reads, world.paths, 9_999, mask_of_now, tmp_path, NOW)

"""A world with recorded versions: what its runs saw lies in a real `versions.git`, its project in a real folder."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

from engine.protocol import Foreseen, RerunPreview, RestorePreview
from engine.run_files import write_request
from engine.versions.recording import record_run
from engine.versions.repository import VersionRepository
from store.changes import ChangeDetails, CommitRecord, FileChange, FileDiff, SettingChange, VersionChanges
from store.events import Changes, ModelChange, VersionRecorded
from store.models import RunRequest
from tests.flights_graph import BY_NAME
from tests.worlds import NOW, World

DELAYS = "select\n    tail_number,\n    arrival_delay\nfrom {{ ref('int_flown_flights') }}\nwhere arrival_delay > 0\n"
BROKEN = DELAYS.replace("    tail_number", "    tailnum").replace("> 0", "> 15")
FILES = {
    "dbt_project.yml": "name: flights\nversion: 1.0.0\nprofile: flights\n",
    "models/intermediate/int_delays.sql": DELAYS,
    "models/intermediate/int_flown_flights.sql": "select * from {{ ref('stg_flights') }} where not cancelled\n",
    "models/staging/stg_flights.sql": "select * from {{ source('raw', 'flights') }}\n",
}
_COMMITS = (
    ("9f2c1ab", "anna", 13, "Count delays from a quarter of an hour on"),
    ("51d07ee", "ben", 9, "Say what a flown flight is"),
)


_DIFFERENCE = """\
diff --git a/models/intermediate/int_delays.sql b/models/intermediate/int_delays.sql
index 1f3a5b7..9c2d4e6 100644
--- a/models/intermediate/int_delays.sql
+++ b/models/intermediate/int_delays.sql
@@ -12,5 +12,5 @@
     distance,
     flight_date,
-    tailnum,
+    tail_number,
     arrival_delay
"""


def change_files(world: World, files: dict[str, str]) -> None:
    """Somebody edits the project."""
    for name, content in files.items():
        path = Path(world.paths.folder) / "flights" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")


async def give_versions(world: World) -> None:
    """The run `completed` saw the files as they were good, the run `failed` those that broke it."""
    good = await _saw(world, "completed", FILES)
    await _saw(world, "failed", {"models/intermediate/int_delays.sql": BROKEN})
    details = ChangeDetails(previous=_changes(world, good))
    models = (
        ModelChange(model=BY_NAME["int_delays"].key, change="directly_modified", diff=_DIFF),
        ModelChange(model=BY_NAME["int_flown_flights"].key, change="formatting"),
        ModelChange(model=BY_NAME["dim_airports"].key, change="metadata", diff="+description: The airports."),
        ModelChange(model=BY_NAME["mart_routes"].key, change="indirectly_modified"),
    )
    await world.happen(world.runs["failed"], Changes(ts=NOW, changes=models, details=details.as_details()))


async def _saw(world: World, role: str, files: dict[str, str]) -> str:
    change_files(world, files)
    run_id = world.runs[role]
    folder = world.paths.folder / "flights"
    recorded = await record_run(VersionRepository(world.paths.versions), folder, run_id)
    await world.happen(run_id, VersionRecorded(ts=NOW, version=recorded.version))
    request = RunRequest(
        id=run_id,
        name="nightly",
        project="flights",
        environment="prod",
        created_at=NOW,
        tool="dbt",
        project_path=str(folder),
        python="python3",
        steps=("build",),
    )
    await asyncio.to_thread(write_request, world.paths.run(run_id), request)
    return recorded.version


def _changes(world: World, version: str) -> VersionChanges:
    return VersionChanges(
        run=world.runs["completed"],
        version=version,
        causes={BY_NAME["mart_routes"].key: (BY_NAME["int_delays"].key,)},
        commits=tuple(
            CommitRecord(sha=sha * 6, author=who, at=datetime(2026, 11, 21, hour, 5, tzinfo=UTC), subject=what)
            for sha, who, hour, what in _COMMITS
        ),
        files=(FileChange(path="models/intermediate/int_delays.sql", change="modified"),),
        configuration=(FileDiff(path="dbt_project.yml", diff="--- a/dbt_project.yml\n+++ b/dbt_project.yml\n-1\n+2"),),
        settings=(SettingChange(name="threads", before="4", after="8"),),
        packages=(SettingChange(name="dbt-labs/dbt_utils", before="1.1.1", after="1.3.0"),),
    )


_DIFF = """--- a/models/intermediate/int_delays.sql
+++ b/models/intermediate/int_delays.sql
@@ -1,5 +1,5 @@
 select
-    tail_number,
+    tailnum,
     arrival_delay
 from {{ ref('int_flown_flights') }}
-where arrival_delay > 0
+where arrival_delay > 15"""


def stage_answers(world: World) -> None:
    """What the engine would say of running the failed run again, and of restoring the completed one."""
    failed = world.runs["failed"]
    models = ("int_delays", "mart_carrier_scorecard", "mart_delay_trends", "fct_airport_days")
    bound = Foreseen(
        node=BY_NAME["int_delays"].key, name="int_delays", certain=True, why=f"same files as #{failed}", skips=3
    )
    world.actions.previews["failed"] = RerunPreview(
        run=failed,
        mode="failed",
        commands=("dbt deps --target prod", f"dbt build --select {' '.join(models)} --target prod"),
        source="the present files",
        changed_files=0,
        models=models,
        audits=("not_null_int_delays_tail_number",),
        expected_s=74.0,
        foreseen=(bound,),
    )
    world.actions.previews["latest"] = RerunPreview(
        run=failed,
        mode="latest",
        commands=("dbt deps --target prod", "dbt build --target prod"),
        source="main@9f2c1ab by anna: Count delays from a quarter of an hour on",
        changed_files=2,
        models=tuple(BY_NAME),
        expected_s=251.0,
        notes=(f"2 files differ from what #{failed} saw.",),
    )
    paths = [f"models/marts/operations/mart_{number:02}.sql" for number in range(1, 13)]
    world.actions.restoration = RestorePreview(
        run=world.runs["completed"],
        version="4b825dc642cb6eb9a060e54bf8d69288fbee4904",
        present="9c1185a5c5e9fc54612808977ee8f548b2258d31",
        folder="~/analytics/flights",
        changes=(
            FileChange(path="models/intermediate/int_delays.sql", change="modified"),
            FileChange(path="models/marts/new_mart.sql", change="deleted"),
            *(FileChange(path=path, change="added") for path in paths),
        ),
        difference=_DIFFERENCE,
    )

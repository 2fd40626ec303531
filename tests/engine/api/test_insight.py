"""What can be concluded from runs, over HTTP: the very JSON that the command line prints of the same record."""

import asyncio
import io
import json
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from engine.api import runs
from store.clock import system_clock
from store.lineage.model_facts import read_model_facts
from store.lineage.model_json import model_json
from store.lineage.reading import Reading
from store.lineage.sql_process import SqlHere
from store.notifications import Draft
from tests.engine.api.conftest import SETTINGS, Api, OpenApi
from tests.engine.api.test_gate import problem
from tests.version_worlds import give_versions
from tests.worlds import World, build_world, open_world

_RUNROOM = [sys.executable, "-P", "-m", "tui.command_line.main"]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> World:
    """A fortnight of runs of dbt and SQLMesh; the last one failed, and its files and those before are recorded."""

    async def build() -> World:
        world = await build_world("failed", tmp_path_factory.mktemp("analytics"))
        (world.paths.folder / "runroom.toml").write_text("")
        await give_versions(world)
        return world

    return asyncio.run(build())


@pytest.fixture
async def world(built: World, tmp_path: Path) -> World:
    """The same in a folder of its own."""
    await asyncio.to_thread(shutil.copytree, built.paths.folder, tmp_path, dirs_exist_ok=True)
    return open_world(tmp_path, built.runs)


@pytest.fixture
async def api(world: World, open_api: OpenApi) -> Api:
    """An API before that record, at the time at which commands are run beside it."""
    api = await open_api(SETTINGS)
    api.clock.now = system_clock()
    return api


async def printed(api: Api, *arguments: str) -> str:
    """What a command prints."""
    command = [*_RUNROOM, "-w", str(api.engine.paths.folder), *arguments]
    done = await asyncio.to_thread(subprocess.run, command, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


async def command_line(api: Api, *arguments: str) -> Any:
    """What a command prints as JSON."""
    return json.loads(await printed(api, *arguments, "--json"))


async def got(api: Api, path: str, **headers: str) -> Any:
    """What the API answers who may only read."""
    response = await api.ask("GET", f"/v1/{path}", await api.token("read", "reader"), **headers)
    assert response.status == 200, await response.text()
    return await response.json()


@pytest.mark.parametrize(
    ("path", "arguments"),
    [
        ("runs/{failed}/causes", ["causes", "{failed}"]),
        ("runs/{completed}/causes", ["causes", "{completed}"]),
        ("runs/{failed}/lineage", ["lineage", "{failed}"]),
        ("runs/{mesh}/lineage", ["lineage", "{mesh}"]),
        (
            "runs/latest/lineage?model=int_delays&up=1&down=2",
            ["lineage", "latest", "int_delays", "--up", "1", "--down", "2"],
        ),
        ("runs/latest:nightly/models/int_delays", ["model", "latest:nightly", "int_delays"]),
        ("runs/latest:flights%2Fnightly/models/int_delays", ["model", "latest:flights/nightly", "int_delays"]),
        ("runs/{failed}/models/model.flights.int_delays", ["model", "{failed}", "int_delays"]),
        (
            "runs/{failed}/models/int_delays?column=carrier_code",
            ["model", "{failed}", "int_delays", "--column", "carrier_code"],
        ),
        ("compare?run={completed}&run={failed}", ["compare", "{completed}", "{failed}"]),
        (
            "compare?run={failed}&run=latest:check&run={completed}",
            ["compare", "{failed}", "latest:check", "{completed}"],
        ),
        ("runs/{failed}/changes", ["changes", "{failed}"]),
        ("runs/{failed}/changes?since=last-good", ["changes", "{failed}", "--since", "last-good"]),
        ("runs/{failed}/changes?since={completed}", ["changes", "{failed}", "--since", "{completed}"]),
        ("runs/{mesh}/changes", ["changes", "{mesh}"]),
        ("search?pattern=Binder", ["search", "Binder"]),
        ("search?pattern=bin.er&regex=true&run=latest", ["search", "bin.er", "--regex", "--run", "latest"]),
        (
            "search?pattern=INFO&job=flights%2Fnightly&last=3",
            ["search", "INFO", "-j", "flights/nightly", "--last", "3"],
        ),
    ],
)
async def test_an_answer_is_what_the_command_line_prints(
    api: Api, world: World, path: str, arguments: list[str]
) -> None:
    known: dict[str, Any] = dict(world.runs)
    expected = await command_line(api, *(argument.format(**known) for argument in arguments))
    assert await got(api, path.format(**known)) == expected


@pytest.mark.parametrize(
    ("path", "arguments"),
    [
        ("failures", ["failures"]),
        ("failures?last=2&job=nightly&since=400d", ["failures", "--last", "2", "--job", "nightly", "--since", "400d"]),
        ("failures?since=1m", ["failures", "--since", "1m"]),
        ("runs/{failed}/hosts", ["hosts", "{failed}"]),
        ("runs/{failed}/files", ["files", "{failed}"]),
        ("runs/{failed}/lines", ["logs", "{failed}"]),
        ("runs/{failed}/lines?level=error&step=build", ["logs", "{failed}", "--level", "error", "--step", "build"]),
        (
            "runs/{failed}/lines?model=int_delays&grep=^Bin|^20",
            ["logs", "{failed}", "-m", "int_delays", "-g", "^Bin|^20"],
        ),
        ("hosts?run={failed}&run=latest:check", ["hosts", "{failed}", "latest:check"]),
    ],
)
async def test_a_list_stands_under_its_name(api: Api, world: World, path: str, arguments: list[str]) -> None:
    known: dict[str, Any] = dict(world.runs)
    expected = await command_line(api, *(argument.format(**known) for argument in arguments))
    told = await got(api, path.format(**known))
    assert told.pop("complete", True)
    assert list(told.values()) == [expected]


async def test_every_name_of_a_model_is_a_path(open_api: OpenApi, tmp_path: Path) -> None:
    world = await build_world("mesh", tmp_path)
    api = await open_api(SETTINGS)
    run, token = (await api.engine.reader.latest_run()).id, await api.token("read")
    reading = Reading(world.paths, api.engine.reader, SqlHere())
    for node in (await api.engine.reader.graph(run)).nodes[:2]:
        assert '"' in node.model
        path = f"/v1/runs/{run}/models/{quote(node.model, safe='')}"
        url = api.client.make_url("/").with_path(path, encoded=True)
        response = await api.client.session.get(url, headers={"Authorization": f"Bearer {token}"})
        facts = await read_model_facts(reading, run, node.model, api.clock())
        assert await response.json() == json.loads(json.dumps(model_json(facts)))


async def test_a_graph_is_drawn_for_who_wants_that(api: Api, world: World) -> None:
    token, path = await api.token("read"), f"/v1/runs/{world.runs['failed']}/lineage"
    for response in (
        await api.ask("GET", f"{path}?format=dot", token),
        await api.ask("GET", path, token, Accept="text/html, text/vnd.graphviz;q=0.9"),
    ):
        assert response.content_type == "text/vnd.graphviz"
        assert await response.text() == await printed(api, "lineage", str(world.runs["failed"]), "--dot")
    json_wanted = await api.ask("GET", f"{path}?format=json", token, Accept="text/vnd.graphviz")
    assert json_wanted.content_type == "application/json"
    told = await problem(await api.ask("GET", f"{path}?format=dto", token), 422)
    assert told["detail"] == 'format: there is no dto of this; did you mean "dot"?'


async def test_a_bundle_is_an_archive_without_secrets(
    api: Api, world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    log = next(world.paths.run(world.runs["failed"]).logs.glob("*build.log"))
    with log.open("a") as file:
        file.write("2026-11-21T13:02:59.000Z ERROR cannot log in with hunter2-of-anna\n")
    monkeypatch.setenv("WAREHOUSE_PASSWORD", "hunter2-of-anna")
    path, token = f"/v1/runs/{world.runs['failed']}/bundle", await api.token("read")
    response = await api.ask("GET", path, token)
    name = f"runroom-run-{world.runs['failed']}"
    assert response.content_type == "application/gzip"
    assert response.headers["Content-Disposition"].startswith(f'attachment; filename="{name}.tar.gz"; ')
    with tarfile.open(fileobj=io.BytesIO(await response.read())) as archive:
        texts = {entry.name: (archive.extractfile(entry) or io.BytesIO()).read().decode() for entry in archive}
    made = await command_line(api, "bundle", str(world.runs["failed"]), "-o", str(tmp_path / "here.tar.gz"))
    assert list(texts) == [f"{name}/{file}" for file in made["files"]]
    assert "cannot log in with •••" in texts[f"{name}/logs/{log.name}"]
    assert not any("hunter2" in text for text in texts.values())
    short = await api.ask("GET", path, token, Accept="text/markdown")
    assert (short.content_type, (await short.text()).strip()) == ("text/markdown", made["short"].strip())


async def test_a_file_is_as_the_run_saw_it(api: Api, world: World) -> None:
    token, path = await api.token("read"), f"/v1/runs/{world.runs['failed']}/files"
    response = await api.ask("GET", f"{path}/models/intermediate/int_delays.sql", token)
    assert response.headers["Content-Disposition"].endswith("; filename*=UTF-8''int_delays.sql")
    assert "tailnum" in await response.text()
    told = await problem(await api.ask("GET", f"{path}/models/nope.sql", token), 404)
    assert told["detail"] == f"Run #{world.runs['failed']} saw no such file."
    told = await problem(await api.ask("GET", f"/v1/runs/{world.runs['mesh']}/files", token), 422)
    assert told["detail"] == f"The files of run #{world.runs['mesh']} were not recorded."


@pytest.mark.parametrize(
    ("path", "status", "says"),
    [
        ("runs/999/causes", 404, "There is no run #999."),
        ("runs/latest:nope/causes", 404, "No run of job nope yet."),
        ("runs/latest/lineage?model=int_delay", 404, 'The run has no model "int_delay"; did you mean int_delays?'),
        ("runs/latest/lineage?up=2", 422, "up and down count from a model; name one."),
        ("runs/latest/lineage?model=int_delays&up=-1", 422, "up: input should be greater than or equal to 0."),
        ("runs/latest/models/nope", 404, 'The run has no model "nope".'),
        ("runs/latest/models/int_delays?column=nope", 404, 'int_delays has no column "nope"; it has carrier_code, '),
        ("runs/latest/models/int_delays?colunm=a", 422, 'colunm is no parameter here; did you mean "column"?'),
        ("hosts?run=x", 422, '"x" is no run;'),
        ("compare?run=1", 422, "Two, three or four different runs can be compared."),
        ("compare", 422, "Two, three or four different runs can be compared."),
        ("compare?run=1,2,3,4,5,6", 422, "Two, three or four different runs can be compared."),
        ("compare?run=latest&run=latest", 422, "Two, three or four different runs can be compared."),
        ("compare?run=1&run=x", 422, '"x" is no run; name it by its number, or as latest or latest:JOB.'),
        ("compare?run=1&run=999", 404, "There is no run #999."),
        ("runs/1/changes?since=2", 422, "#2 is no earlier run of flights"),
        ("runs/latest/bundle?format=zip", 422, "format: there is no zip of this;"),
        ("failures?since=often", 422, "since: "),
        ("failures?since=9999999999d", 422, 'since: "9999999999d" ago is before the first date that there is.'),
        ("failures?last=0", 422, "last: input should be greater than or equal to 1."),
        ("search", 422, "pattern: field required."),
        ("search?pattern=", 422, "pattern: string should have at least 1 character."),
        ("search?pattern=(&regex=true", 422, "( is no regular expression: "),
        ("search?pattern=a&run=1&last=2", 422, "run names one run; leave job and last out, or run."),
        ("search?pattern=a&run=999", 404, "There is no run #999."),
        ("runs/latest/lines?grep=(", 422, "( is no regular expression: "),
        ("runs/latest/lines?follow=true&limit=2", 422, "follow gives all lines as text; leave limit and format out."),
        ("runs/latest/lines?level=loud", 422, "level: input should be 'debug', 'info', 'warn' or 'error'."),
        ("runs/latest/lines?step=nope", 404, 'The run has no log of a step "nope"; it has '),
        ("environments/flights/nope", 404, 'There is no environment "flights/nope".'),
        ("notifications?limit=0", 422, "limit: input should be greater than or equal to 1."),
    ],
)
async def test_what_cannot_be_asked_is_told(api: Api, path: str, status: int, says: str) -> None:
    told = await problem(await api.ask("GET", f"/v1/{path}", await api.token("read")), status)
    assert told["detail"].startswith(says)


async def test_one_environment_is_one_of_all(api: Api) -> None:
    listed = (await got(api, "environments"))["environments"]
    token = await api.token("read", "another")
    for each in listed:
        shown = await api.ask("GET", f"/v1/environments/{each['project']}/{each['name']}", token)
        assert await shown.json() == each
    assert listed


async def test_what_was_found_is_told_while_more_is_looked_for(api: Api, world: World) -> None:
    token = await api.token("read")
    whole = await command_line(api, "search", "INFO")
    part = await (await api.ask("GET", "/v1/search?pattern=INFO&limit=7", token)).json()
    assert (part["lines"], part["complete"]) == (whole["lines"][:7], False)
    exactly = await (await api.ask("GET", f"/v1/search?pattern=INFO&limit={len(whole['lines'])}", token)).json()
    assert exactly == whole
    lines = await (await api.ask("GET", "/v1/runs/latest/lines?limit=5", token)).json()
    assert (lines["lines"], lines["complete"]) == ((await command_line(api, "logs", "latest"))[:5], False)


async def test_lines_are_text_for_who_wants_that(api: Api, world: World) -> None:
    token, run = await api.token("read"), str(world.runs["failed"])
    printed_lines = await printed(api, "logs", run, "--level", "warn")
    for path in ("lines?level=warn&format=text", "lines?level=warn&follow=true"):
        response = await api.ask("GET", f"/v1/runs/{run}/{path}", token)
        assert (response.content_type, await response.text()) == ("text/plain", printed_lines)
    two = await api.ask("GET", f"/v1/runs/{run}/lines?level=warn&limit=2", token, Accept="text/plain")
    assert (await two.text()).splitlines() == printed_lines.splitlines()[:2]


async def test_a_large_run_is_shown_like_any_other(api: Api, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    here = await got(api, "runs/latest")
    assert here == await command_line(api, "show", "latest")
    monkeypatch.setattr(runs, "MOST_HERE", 0)
    there = await api.ask("GET", "/v1/runs/latest", await api.token("read"))
    assert (there.status, there.headers.get("Transfer-Encoding")) == (200, "chunked"), await there.text()
    assert await there.json() == here


async def test_a_log_that_cannot_be_read_is_named_beside_what_was_found(api: Api, world: World) -> None:
    (world.paths.run(world.runs["failed"]).logs / "09-gone.log").mkdir()
    told = await got(api, "search?pattern=Binder&last=1")
    assert [each["run"] for each in told["unread"]] == [world.runs["failed"]]
    assert told["lines"]


async def test_what_people_were_told_is_told(api: Api, world: World) -> None:
    drafts = [
        Draft(
            channel="oncall",
            occasion="failure",
            run_id=world.runs[role],
            project="flights",
            environment="prod",
            causes=("abc",),
            title=f"{role} at night",
            body="because",
            created_at=api.clock(),
            due_at=api.clock(),
        )
        for role in ("check", "failed")
    ]
    await api.engine.writer.tell(world.runs["failed"], drafts)
    told = (await got(api, "notifications"))["notifications"]
    assert [each["title"] for each in told] == ["failed at night", "check at night"]
    assert told == await command_line(api, "notifications")
    last = await api.ask("GET", "/v1/notifications?limit=1", await api.token("read"))
    assert await last.json() == {"notifications": told[:1]}


async def test_channels_are_tried_by_who_may_run(api: Api) -> None:
    await problem(await api.ask("POST", "/v1/notifications/test", await api.token("read")), 403)
    told = await problem(await api.ask("POST", "/v1/notifications/test", await api.token("run")), 422)
    assert told["detail"].startswith("There is no channel")

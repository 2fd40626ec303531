"""An engine that is a service stays one; a fake systemctl notes what it is asked."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiohttp import web

from engine.client.launch import ensure_engine
from engine.client.service import install, unit_of
from engine.client.service_control import engine_variables, parse_variables, restart_service, start_service
from engine.protocol import API_VERSION, Hello
from store.migrate import LATEST
from store.paths import WorkspacePaths
from tests.engine.client.conftest import answering


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A systemctl that does what it is asked, and a file of what that was."""
    programs, said = tmp_path / "programs", tmp_path / "asked"
    programs.mkdir()
    systemctl = programs / "systemctl"
    systemctl.write_text(f'#!/bin/sh\necho "$*" >> {said}\n')
    systemctl.chmod(0o755)
    said.touch()
    monkeypatch.setenv("PATH", str(programs), prepend=":")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "configuration"))
    return said


def words(asked: Path) -> list[str]:
    return [line.split()[2] for line in asked.read_text().splitlines()]


def test_without_a_service_systemd_is_not_asked(paths: WorkspacePaths, asked: Path) -> None:
    assert not restart_service(paths)
    assert not start_service(paths)
    assert words(asked) == []


def test_a_service_is_restarted_and_started(paths: WorkspacePaths, asked: Path, tmp_path: Path) -> None:
    install(unit_of(paths), systemd_runs=tmp_path)
    assert restart_service(paths)
    assert start_service(paths)
    assert words(asked) == ["is-active", "restart", "is-enabled", "start"]
    assert all(line.endswith(unit_of(paths).name) for line in asked.read_text().splitlines())


def test_a_service_of_another_runroom_would_bring_that_one_back(
    paths: WorkspacePaths, asked: Path, tmp_path: Path
) -> None:
    unit = unit_of(paths)
    install(unit, systemd_runs=tmp_path)
    unit.file.write_text(unit.text.replace("/python", "/elsewhere/python"))
    assert not restart_service(paths)
    assert words(asked) == []


def test_a_service_that_is_not_active_is_not_restarted(paths: WorkspacePaths, asked: Path, tmp_path: Path) -> None:
    install(unit_of(paths), systemd_runs=tmp_path)
    systemctl = asked.with_name("programs") / "systemctl"
    systemctl.write_text(systemctl.read_text() + "exit 3\n")
    assert not restart_service(paths)
    assert words(asked) == ["is-active"]


async def test_an_older_engine_that_is_a_service_is_replaced_by_systemd(
    paths: WorkspacePaths, asked: Path, tmp_path: Path
) -> None:
    install(unit_of(paths), systemd_runs=tmp_path)

    async def hello(_: web.Request) -> web.Response:
        schema = LATEST if "restart" in words(asked) else LATEST - 1
        greeting = Hello(
            api=API_VERSION,
            version="0.1.0",
            pid=1,
            workspace=str(paths.folder),
            started_at=datetime(2026, 1, 1, tzinfo=UTC),
            active_runs=0,
            store_schema=schema,
        )
        return web.Response(text=greeting.model_dump_json())

    async with answering(paths, "GET", "/v1/hello", hello), await ensure_engine(paths.folder) as client:
        assert (await client.hello()).store_schema == LATEST
    assert await asyncio.to_thread(words, asked) == ["is-active", "restart"]


def test_the_variables_of_the_service_are_those_of_any_engine(
    paths: WorkspacePaths, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OF_THE_SESSION", "1")
    assert engine_variables(paths)["OF_THE_SESSION"] == "1"
    paths.engine_environment.write_text("WEBHOOK_SECRET_OF_TEST=hunter2\n")
    assert engine_variables(paths)["WEBHOOK_SECRET_OF_TEST"] == "hunter2"


def test_variables_are_read_as_systemd_reads_them() -> None:
    text = "# a comment\n; another\n\nA=1\n B = two words \nC=\"q u\"\nD='=x='\nE=\nno variable\n"
    assert parse_variables(text) == {"A": "1", "B": "two words", "C": "q u", "D": "=x=", "E": ""}

"""Copying."""

from pathlib import Path

import pytest
from textual.app import App

from tui.clipboard import COPY_FILE, copy_text


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder in which programs are found."""
    folder = tmp_path / "tools"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder


async def test_inside_tmux_it_is_given_to_tmux_as_well(
    tools: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tmux = tools / "tmux"
    keep = f'while read -r line; do echo "$line"; done > {tmp_path}/got'
    tmux.write_text(f'#!/bin/sh\necho "$@" > {tmp_path}/asked\n{keep}\n')
    tmux.chmod(0o700)
    monkeypatch.setenv("TMUX", "/somewhere,1,0")
    async with App[None]().run_test() as pilot:
        path = await copy_text(pilot.app, "#18 ✗\n", tmp_path)
        assert pilot.app.clipboard == "#18 ✗\n"
    assert (tmp_path / "asked").read_text().split() == ["load-buffer", "-w", "-"]
    assert (tmp_path / "got").read_text() == "#18 ✗\n"
    assert path == tmp_path / COPY_FILE
    assert path.read_text("utf-8") == "#18 ✗\n"
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.usefixtures("tools")
async def test_a_machine_without_tmux_does_without(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMUX", "/somewhere,1,0")
    async with App[None]().run_test() as pilot:
        path = await copy_text(pilot.app, "#18", tmp_path)
    assert path.read_text("utf-8") == "#18"

"""The `runroom` command as a process, with a real engine, in small dbt projects."""

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from store.errors import RunNotFound, StoreMissing, StoreOutdated
from store.models import ModelExecution, Run
from store.paths import WorkspacePaths
from store.reads import StoreReader

# As the console script has it: the folder that it is started in is no place to import from.
_RUNROOM = [sys.executable, "-P", "-m", "tui.command_line.main"]
_LIMIT_S = 120.0


class Shell:
    """A terminal in a workspace: runs commands there, to their end or beside others."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._home = folder.parent / "home"
        self._home.mkdir(exist_ok=True)
        self._started: list[subprocess.Popen[str]] = []

    def __call__(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Runs a command to its end."""
        process = self.start(*arguments)
        out, err = process.communicate(timeout=_LIMIT_S)
        return subprocess.CompletedProcess(arguments, process.returncode, out, err)

    def start(self, *arguments: str) -> "subprocess.Popen[str]":
        """Starts a command and does not wait for it."""
        process = subprocess.Popen(
            [*_RUNROOM, *arguments],
            cwd=self.folder,
            env={**os.environ, "HOME": str(self._home)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._started.append(process)
        return process

    def close(self) -> None:
        """Ends what was started here and still goes on: commands, runs, the engine."""
        for process in self._started:
            if process.poll() is None:
                process.kill()
                process.communicate()
        for status in ("queued", "running", "stopping"):
            for run in json.loads(self("runs", "--status", status, "--json").stdout):
                self("cancel", str(run["id"]))
                self("watch", str(run["id"]), "--plain")
        self("engine", "stop")

    def json(self, *arguments: str) -> Any:
        """What a command prints as JSON."""
        return json.loads(self(*arguments, "--json").stdout)

    def wait_for(self, condition: Callable[[Run, list[ModelExecution]], bool]) -> Run:
        """The latest run as soon as the condition holds for it and its models."""
        return asyncio.run(self._wait_for(condition))

    async def _wait_for(self, condition: Callable[[Run, list[ModelExecution]], bool]) -> Run:
        paths = WorkspacePaths(self.folder)
        async with asyncio.timeout(_LIMIT_S):
            while True:
                with contextlib.suppress(StoreMissing, StoreOutdated, RunNotFound):
                    async with StoreReader.open(paths.database) as reader:
                        run = await reader.latest_run()
                        if condition(run, await reader.models(run.id)):
                            return run
                await asyncio.sleep(0.05)

    def kill_engine(self) -> int:
        """Kills the engine at once, and returns its process number."""
        pid = int(self.json("engine", "status")["pid"])
        os.kill(pid, signal.SIGKILL)
        return pid


MakeShell = Callable[[Path], Shell]


@pytest.fixture
def shell_in() -> Iterator[MakeShell]:
    """Opens shells; their engines are stopped when the test is over, and so are their runs."""
    shells: list[Shell] = []

    def make(folder: Path) -> Shell:
        shells.append(Shell(folder))
        return shells[-1]

    yield make
    for shell in shells:
        shell.close()

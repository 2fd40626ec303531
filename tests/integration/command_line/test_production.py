"""Whoever touches production from the command line is asked first, with the exact commands."""

import os
import sys
from pathlib import Path

import pytest

from tests.integration.command_line.conftest import MakeShell, Shell
from tests.integration.dbt.projects import PROFILES, write_project
from tests.tui.terminal.pseudo_terminal import PseudoTerminal, wait_until

PATIENCE_S = 120.0
"""An engine is started first, and dbt."""

pytestmark = [pytest.mark.real_tool, pytest.mark.timeout(300)]


@pytest.fixture
def shell(tmp_path: Path, shell_in: MakeShell) -> Shell:
    """A project whose target is called as production is."""
    return shell_in(write_project(tmp_path / "shop", {"profiles.yml": PROFILES.replace("dev", "prod")}))


def asked(shell: Shell, *arguments: str, answer: bytes) -> tuple[int, str]:
    """The exit code and the screen of a command that somebody at a terminal answers."""
    command = [sys.executable, "-P", "-m", "tui.command_line.main", "-w", str(shell.folder), *arguments]
    with PseudoTerminal(command, env={**os.environ, "HOME": str(shell.folder.parent)}) as terminal:
        wait_until(lambda: "[y/N]" in terminal.text(), "the question", PATIENCE_S)
        terminal.press(answer)
        return terminal.wait_for_end(PATIENCE_S), terminal.text()


def test_without_a_terminal_production_wants_a_yes(shell: Shell) -> None:
    refused = shell("run", "build")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr == "runroom: shop/prod is production: say --yes where nobody can be asked.\n"
    assert shell.json("runs") == []

    assert shell("run", "build", "--yes").returncode == 0
    assert shell("rerun", "1", "--dry-run").returncode == 0
    assert shell("rerun", "1").returncode == 2
    assert len(shell.json("runs")) == 1


def test_at_a_terminal_the_exact_commands_are_shown_first(shell: Shell) -> None:
    code, shown = asked(shell, "run", "build", "-s", "orders", "--full-refresh", answer=b"n\r")
    assert (code, shell.json("runs")) == (0, [])
    assert "shop/prod is production. It runs:" in shown
    assert "dbt build --select orders --full-refresh" in shown
    assert "Nothing was changed." in shown

    code, shown = asked(shell, "run", "build", answer=b"y\r")
    assert code == 0
    assert "✓ completed" in shown

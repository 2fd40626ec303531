"""`runroom doctor`: what a run needs and how the terminal is, looked at one by one."""

import asyncio
import os
import shutil
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING

import typer

from engine.errors import RunroomError
from tui.command_line.output import say, say_json
from tui.command_line.shared import JsonOption, workspace_paths

if TYPE_CHECKING:
    from engine.client.doctor import Check, Verdict
    from store.paths import WorkspacePaths

_GLYPHS: dict["Verdict", str] = {"good": "✓", "warning": "▲", "problem": "✗"}
_SMALLEST = (80, 24)


def doctor(context: typer.Context, as_json: JsonOption = False) -> int:
    """Look at everything that a run needs, and say what is wrong."""
    paths = workspace_paths(context)
    checks = asyncio.run(_examine(paths, as_json))
    if as_json:
        say_json([{"name": check.name, "verdict": check.verdict, "text": check.text} for check in checks])
    return RunroomError.exit_code if any(check.verdict == "problem" for check in checks) else 0


async def _examine(paths: "WorkspacePaths", as_json: bool) -> "list[Check]":
    from engine.client.doctor import examine

    checks = []
    async for check in examine(paths.folder):
        checks.append(check)
        _say_check(check, as_json)
    terminal = terminal_check(os.environ, sys.stdout.encoding, sys.stdout.isatty())
    _say_check(terminal, as_json)
    return [*checks, terminal]


def _say_check(check: "Check", as_json: bool) -> None:
    if not as_json:
        say(f"{_GLYPHS[check.verdict]} {check.name}: {check.text}")


def terminal_check(environ: Mapping[str, str], encoding: str, is_terminal: bool) -> "Check":
    """Whether the app can be shown well here."""
    from engine.client.doctor import Check

    term = environ.get("TERM", "")
    columns, lines = shutil.get_terminal_size()
    problems = []
    if not is_terminal:
        problems.append("the output is no terminal, so only plain commands work")
    if term in ("", "dumb"):
        problems.append(f'TERM is "{term}"')
    if encoding.lower().replace("-", "") != "utf8":
        problems.append(f"the encoding is {encoding}, not UTF-8")
    if is_terminal and (columns < _SMALLEST[0] or lines < _SMALLEST[1]):
        problems.append(f"{columns}×{lines} is less than {_SMALLEST[0]}×{_SMALLEST[1]}")
    text = f"{term or 'no TERM'}, {columns}×{lines}, {_colours(environ)}"
    return Check(
        "terminal", "warning" if problems else "good", f"{text}{': ' if problems else ''}{'; '.join(problems)}."
    )


def _colours(environ: Mapping[str, str]) -> str:
    if environ.get("NO_COLOR"):
        return "no colours (NO_COLOR)"
    if environ.get("COLORTERM") in ("truecolor", "24bit"):
        return "true colours"
    return "256 colours" if "256color" in environ.get("TERM", "") else "16 colours"

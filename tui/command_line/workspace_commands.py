"""`runroom init`: describes a workspace for whoever wants to change it."""

from pathlib import Path
from typing import Annotated

import typer

from tui.command_line.output import complain, say
from tui.command_line.shared import invocation


def init(
    context: typer.Context,
    folder: Annotated[Path | None, typer.Argument(metavar="DIR", help="Default: this folder.")] = None,
) -> None:
    """Write a runroom.toml for the projects that are here."""
    from engine.client.workspaces import load_workspace, write_configuration

    place = (folder or invocation(context).workspace or Path.cwd()).expanduser().absolute()
    file = write_configuration(place)
    workspace = load_workspace(place)
    say(f"{file} is written: {', '.join(f'{project.name} ({project.tool})' for project in workspace.projects)}.")
    if workspace.problem:
        complain(workspace.problem)

"""Finds, describes and makes workspaces: what commands need to know before, or without, talking to an engine."""

from engine.configuration.initialise import write_configuration
from engine.configuration.references import resolve_job
from engine.configuration.workspace import Workspace, load_workspace
from engine.demo.workspace import DemoWorkspace, apply_pending_change, make_demo

__all__ = [
    "DemoWorkspace",
    "Workspace",
    "apply_pending_change",
    "author",
    "load_workspace",
    "make_demo",
    "resolve_job",
    "write_configuration",
]


def author(command_line: str | None = None) -> str:
    """Who runs are started by: as named on the command line or in the settings, else the system's user.

    Raises ConfigurationError for a wrong user file or environment variable.
    """
    # Loading the settings takes a tenth of a second, which a command that starts nothing need not wait for.
    from engine.configuration import settings

    return settings.author(command_line)

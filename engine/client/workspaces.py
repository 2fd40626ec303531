"""Finds, describes and makes workspaces: what commands need to know before, or without, talking to an engine."""

from engine.configuration.initialise import write_configuration
from engine.configuration.locate import find_workspace
from engine.configuration.references import resolve_environment, resolve_job
from engine.configuration.requests import project_interpreter
from engine.configuration.workspace import Workspace, load_workspace
from engine.demo.workspace import DemoWorkspace, make_demo

__all__ = [
    "DemoWorkspace",
    "Workspace",
    "find_workspace",
    "load_workspace",
    "make_demo",
    "project_interpreter",
    "resolve_environment",
    "resolve_job",
    "write_configuration",
]
